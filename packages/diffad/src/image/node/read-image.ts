import { readFile } from 'node:fs/promises';
import type { Image, Mask } from '../image.ts';
import { decodeImage } from './decode.ts';
import type { Decoded } from './decoded.ts';
import { fileProblem } from './image-file-error.ts';

/** Reads and decodes a picture file. Throws ImageFileError, one line that names the file. */
export async function readPicture(path: string): Promise<Decoded> {
  const bytes = await readFile(path).catch((cause) => {
    throw fileProblem(path, cause);
  });
  return decodeImage(bytes, path);
}

/** The picture alone, `[height, width, 1 or 3]` in [0, 1]. */
export async function readImage(path: string): Promise<Image> {
  return (await readPicture(path)).image;
}

/**
 * Reads a mask of truth. Files hold 0 and 255, or small class numbers (VisA): with all values below 128, whatever is not 0 is defective. Of
 * colours the brightest channel counts: whatever colour a defect is drawn in, it is one.
 */
export async function readMask(path: string): Promise<Mask> {
  const { width, height, channels, data } = await readImage(path);
  const values = new Float32Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / channels);
    values[pixel] = Math.max(values[pixel] as number, data[i] as number);
  }
  const limit = values.some((value) => value >= 0.5) ? 0.5 : Number.MIN_VALUE;
  return { width, height, data: Uint8Array.from(values, (value) => (value >= limit ? 1 : 0)) };
}
