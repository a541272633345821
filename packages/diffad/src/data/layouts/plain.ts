import { GOOD } from '../dataset.ts';
import type { Layout } from '../layout.ts';
import { isDefectFolder, isMaskFolder, partsOf } from '../names.ts';

const suspect = (path: string): boolean =>
  partsOf(path)
    .slice(0, -1)
    .some((folder) => isMaskFolder(folder) || isDefectFolder(folder));

/** A folder of normal pictures, sub-folders included: all for training, save those in folders named after masks or defects. */
export const plain: Layout = ({ files }) => ({
  layout: 'plain folder',
  train: files.filter((path) => !suspect(path)).map((path) => ({ path, kind: GOOD, mask: null })),
  test: [],
  unused: files.filter(suspect).map((path) => ({ path, reason: "its folder's name says that it is not normal" })),
  notes: ['a plain folder: every picture counts as normal'],
});
