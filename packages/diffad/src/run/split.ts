import { Rng } from '@diffad/tensor-core';
import { RunError } from './run-settings.ts';

/** Which normal pictures a run learns from and which it holds out; kept as split.json. */
export interface Split {
  readonly train: readonly string[];
  readonly heldOut: readonly string[];
  /** Where the run starts from another: what that was trained on before, by name. */
  readonly known?: readonly string[];
}

/** Two to choose the threshold by. */
const LEAST_HELD_OUT = 2;

/**
 * Holds `share` of the pictures out, drawn by the seed, and none that `known` names, which what a run starts from was trained on.
 * Where that leaves fewer than two, `known` does not count.
 */
export function drawSplit(paths: readonly string[], share: number, seed: number, known: readonly string[] = []): Split {
  const order = new Rng(seed).fork(3).shuffle(paths);
  const unseen = without(order, known);
  const heldOut = (unseen.length < LEAST_HELD_OUT ? order : unseen).slice(0, asked(paths, share));
  return { train: without(paths, heldOut), heldOut, ...(known.length > 0 && { known }) };
}

const asked = ({ length }: readonly string[], share: number): number =>
  Math.min(length - 1, Math.max(LEAST_HELD_OUT, Math.round(length * share)));

/** Names of what a run was trained on, what it started from included. */
export const knownTo = ({ train, known = [] }: Split): string[] => [...train, ...without(known, train)];

/** What `drawSplit` makes of what a run starts from, as a line for people; null where that knew none of the pictures. `known` are the names it was trained on. */
export function describeKnown(
  paths: readonly string[],
  share: number,
  source: string,
  known: readonly string[] | undefined,
): string | null {
  if (known === undefined) return `no split.json beside ${source}: what is held out here may be known to it`;
  const unseen = without(paths, known).length;
  const seen = paths.length - unseen;
  if (seen === 0) return null;
  if (unseen < LEAST_HELD_OUT)
    return `${source} was trained on ${seen} of these ${paths.length} pictures (same file names): what is held out may be known to it, and the threshold too low`;
  const wanted = asked(paths, share);
  const short = unseen < wanted ? `; only ${unseen} in place of ${wanted} are left to hold out` : '';
  return `none of the ${seen} pictures that ${source} was trained on (same file names) is held out${short}`;
}

/** Throws RunError where the pictures of `folder` are no longer those that a run was begun with. */
export function mustMatch(split: Split, paths: readonly string[], folder: string): void {
  const begun = [...split.train, ...split.heldOut];
  const [added, missing] = [without(paths, begun), without(begun, paths)];
  if (added.length + missing.length === 0) return;
  const named = [count(added, 'new'), count(missing, 'missing')].filter((text) => text !== '').join(', ');
  throw new RunError(
    `${folder}: holds ${paths.length} normal pictures, the run was begun with ${begun.length}: ${named}; make the folder what it was, or train anew`,
  );
}

const count = ([first, ...rest]: readonly string[], what: string): string =>
  first === undefined ? '' : `${rest.length + 1} ${what} (${rest.length > 0 ? 'first ' : ''}${first})`;

function without(paths: readonly string[], others: readonly string[]): string[] {
  const left = new Set(others);
  return paths.filter((path) => !left.has(path));
}
