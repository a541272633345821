import type { Image } from '../../image/image.ts';
import { readImage } from '../../image/node/read-image.ts';
import { mustFitRegion } from '../../image/region.ts';
import type { Model } from '../../model.ts';

/** Reads a picture that a model is to judge. Throws one line that names the file where it cannot be read, or its region of interest does not fit it. */
export async function readFitting(file: string, { region }: Model): Promise<Image> {
  const image = await readImage(file);
  mustFitRegion(file, image, region);
  return image;
}
