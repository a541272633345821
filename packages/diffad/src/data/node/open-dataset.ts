import type { Dataset } from '../dataset.ts';
import { recognise } from '../recognise.ts';
import { listPictures } from './list-pictures.ts';
import { readSplit } from './read-split.ts';

/** Recognises the data set in a folder: MVTec-AD, BTAD, VisA, magnetic tile, folders by kind, or a plain folder of normal pictures. */
export async function openDataset(root: string): Promise<Dataset> {
  const [files, split] = await Promise.all([listPictures(root), readSplit(root)]);
  return recognise({ root, files, split });
}
