import type { Image, Mask } from '../image.ts';
import { mustFitRegion } from '../region.ts';
import { readImage } from './read-image.ts';

/** Reads a picture that a region of interest, where there is one, is laid on. Throws one line that names the file where it cannot be read, or the region does not fit it. */
export async function readFitting(file: string, region: Mask | null): Promise<Image> {
  const image = await readImage(file);
  mustFitRegion(file, image, region);
  return image;
}
