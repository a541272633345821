/** The kind of pictures without a defect. */
export const GOOD = 'good';

export type LayoutName = 'MVTec-AD' | 'BTAD' | 'VisA' | 'magnetic tile' | 'folders by kind' | 'plain folder';

/** One picture of a data set. Paths are relative to its folder and use slashes. */
export interface Sample {
  readonly path: string;
  /** `good`, or the kind of defect. */
  readonly kind: string;
  /** The picture that marks the defect, if there is one. */
  readonly mask: string | null;
}

/** Which picture plays which role. Training takes normal pictures only. */
export interface Dataset {
  readonly layout: LayoutName;
  readonly train: readonly Sample[];
  readonly test: readonly Sample[];
  /** Files that play no role, and why. */
  readonly unused: readonly { readonly path: string; readonly reason: string }[];
  /** Decisions that the user should see. */
  readonly notes: readonly string[];
}

/** A folder that cannot be used as a data set. The message is one line: the folder, what is wrong, what to do. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}
