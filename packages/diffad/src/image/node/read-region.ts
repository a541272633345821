import type { Mask } from '../image.ts';
import { asRegion } from '../region.ts';
import { readMask } from './read-image.ts';

/** Reads a region of interest: a picture that is white where pictures are judged. Throws one line that names the file. */
export async function readRegion(file: string): Promise<Mask> {
  const mask = await readMask(file);
  try {
    return asRegion(mask);
  } catch (cause) {
    throw new RangeError(`${file}: ${(cause as Error).message}`, { cause });
  }
}
