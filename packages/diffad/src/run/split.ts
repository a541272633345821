import { Rng } from '@diffad/tensor-core';
import { RunError } from './run-settings.ts';

/** Which normal pictures a run learns from and which it holds out; kept as split.json. */
export interface Split {
  readonly train: readonly string[];
  readonly heldOut: readonly string[];
}

/** Two to choose the threshold by. */
const LEAST_HELD_OUT = 2;

/**
 * Holds `share` of the pictures out, drawn by the seed, and none that `known` names, which what a run starts from was trained on.
 * Where that leaves fewer than two, `known` does not count.
 */
export function drawSplit(paths: readonly string[], share: number, seed: number, known: readonly string[] = []): Split {
  const order = new Rng(seed).fork(3).shuffle(paths);
  const held = Math.min(paths.length - 1, Math.max(LEAST_HELD_OUT, Math.round(paths.length * share)));
  const unseen = without(order, known);
  const heldOut = (unseen.length < LEAST_HELD_OUT ? order : unseen).slice(0, held);
  return { train: without(paths, heldOut), heldOut };
}

/** What `drawSplit` made of the split of what a run starts from, as a line for people; null where that knew none of the pictures. */
export function describeKnown(paths: readonly string[], source: string, theirs: Split | undefined): string | null {
  if (theirs === undefined) return `no split.json beside ${source}: what is held out here may be known to it`;
  const unseen = without(paths, theirs.train).length;
  const known = paths.length - unseen;
  if (known === 0) return null;
  return unseen < LEAST_HELD_OUT
    ? `${source} was trained on ${known} of these ${paths.length} pictures, by their names: what is held out may be known to it, and the threshold too low`
    : `held out is none of the ${known} pictures that ${source} was trained on, by their names`;
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
