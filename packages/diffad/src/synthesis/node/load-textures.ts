import { join } from 'node:path';
import { DatasetError } from '../../data/dataset.ts';
import { listPictures } from '../../data/node/list-pictures.ts';
import { mapFiles } from '../../data/node/map-files.ts';
import { toRgb } from '../../image/channels.ts';
import type { Image } from '../../image/image.ts';
import { readImage } from '../../image/node/read-image.ts';
import { resize } from '../../image/resize.ts';
import { shareImage } from './share-image.ts';

/** Memory for textures, in bytes; of a larger folder every n-th is taken. */
const BUDGET = 2 ** 28;

/** Reads a folder of pictures to paste, each `[size, size, 3]` in shared memory, aspect ratio not kept (spec 2.3). Throws DatasetError for a folder without pictures. */
export async function loadTextures(root: string, size: number): Promise<Image[]> {
  const paths = await listPictures(root);
  if (paths.length === 0)
    throw new DatasetError(
      `${root}: no texture pictures in it (PNG, JPEG, BMP, TIFF or WebP); leave --textures out for made-up ones`,
    );
  const every = Math.ceil((paths.length * size * size * 12) / BUDGET);
  const taken = paths.filter((_, i) => i % every === 0);
  return mapFiles(taken, async (path) =>
    shareImage(resize(toRgb(await readImage(join(root, path))), size, size, 'area')),
  );
}
