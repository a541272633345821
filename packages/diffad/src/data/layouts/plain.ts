import { type Dataset, GOOD } from '../dataset.ts';
import type { Layout } from '../layout.ts';
import { isDefectFolder, isMaskFolder, partsOf } from '../names.ts';
import { describeTally, tally } from '../tally.ts';

const suspect = (path: string): boolean =>
  partsOf(path)
    .slice(0, -1)
    .some((folder) => isMaskFolder(folder) || isDefectFolder(folder));

/** A folder of normal pictures, sub-folders included: all for training, save those in folders named after masks or defects. */
export const plain: Layout = ({ files }) => {
  const normal = files.filter((path) => !suspect(path));
  return {
    layout: 'plain folder',
    train: normal.map((path) => ({ path, kind: GOOD, mask: null })),
    test: [],
    unused: files.filter(suspect).map((path) => ({ path, reason: "its folder's name says that it is not normal" })),
    notes: [noteOf(normal)],
  } satisfies Dataset;
};

/** Sub-folders that a note names at most. */
const NAMED = 8;

/** Names the sub-folders whose pictures count as normal: one of them may be a kind of defect. */
function noteOf(normal: readonly string[]): string {
  const note = 'a plain folder: every picture counts as normal';
  const folders = normal.filter((path) => path.includes('/')).map((path) => path.slice(0, path.lastIndexOf('/')));
  return folders.length === 0
    ? note
    : `${note}, also in ${describeTally(tally(folders), NAMED)}; where some are defects, put the normal ones into a folder good`;
}
