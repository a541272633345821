import { GOOD } from '../dataset.ts';
import { holdOutNormals } from '../hold-out.ts';
import type { Layout } from '../layout.ts';
import { isMaskFolder, kindOf, partsOf } from '../names.ts';
import { type Keyed, pairMasks } from '../pair-masks.ts';

/** A folder of normal pictures (`good`, `ok`, `normal`) beside folders of defects, masks in `ground_truth/<kind>` or `masks/<kind>`. */
export const byKind: Layout = ({ files }) => {
  const tops = new Set(files.map((path) => topOf(path)));
  if (tops.size < 2 || ![...tops].some((top) => kindOf(top) === GOOD)) return null;
  const masks = files.filter((path) => isMaskFolder(topOf(path))).map((path) => keyedBelow(path, 1));
  const pictures = files.filter((path) => !isMaskFolder(topOf(path)));
  const { samples, unused } = pairMasks(
    pictures.filter((path) => topOf(path) !== '').map((path) => keyedBelow(path, 0)),
    masks,
  );
  const { train, test, note } = holdOutNormals(samples.filter(({ kind }) => kind === GOOD));
  const stray = pictures.filter((path) => topOf(path) === '');
  return {
    layout: 'folders by kind',
    train,
    test: [...test, ...samples.filter(({ kind }) => kind !== GOOD)],
    unused: [...unused, ...stray.map((path) => ({ path, reason: 'in no folder of a kind' }))],
    notes: [note],
  };
};

/** The first folder of a path; empty for files at the top. */
function topOf(path: string): string {
  const parts = partsOf(path);
  return parts.length > 1 ? (parts[0] as string) : '';
}

/** Kind and name of a file whose kind is folder `depth` of its path. */
function keyedBelow(path: string, depth: number): Keyed {
  const parts = partsOf(path);
  return { path, kind: kindOf(parts[depth] as string), name: parts.slice(depth + 1).join('/') };
}
