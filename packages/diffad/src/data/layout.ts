import type { Dataset } from './dataset.ts';

/** What a layout is recognised by. */
export interface Listing {
  /** The folder's name, as error messages write it. */
  readonly root: string;
  /** Every picture file below it, relative, with slashes, in order of their code units. */
  readonly files: readonly string[];
  /** Rows of a VisA split, paths relative to the folder; null without one. */
  readonly split: readonly SplitRow[] | null;
}

export interface SplitRow {
  readonly object: string;
  readonly split: string;
  readonly label: string;
  readonly image: string;
  readonly mask: string;
}

/** A convention for folders: the data set it sees, or null where the listing does not follow it. */
export type Layout = (listing: Listing) => Dataset | null;
