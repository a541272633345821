import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import sharp from 'sharp';
import { type ByteImage, type Image, type Mask, toBytes } from '../image.ts';
import { fileProblem } from './image-file-error.ts';

/** What can be written: values in [0, 1], bytes, or a mask (defective pixels white). */
export type Writable = Image | ByteImage | Mask;

/** PNG bytes, 8 bits a channel: grey for one channel and masks, RGB for three. */
export async function encodePng(picture: Writable): Promise<Buffer> {
  const { width, height, channels, data } = bytesOf(picture);
  const space = channels === 1 ? 'b-w' : 'srgb';
  return sharp(data, { raw: { width, height, channels: channels as 1 | 3 } })
    .toColourspace(space)
    .png()
    .toBuffer();
}

/** Writes a PNG file and the folders above it; the file appears whole or not at all. Throws ImageFileError. */
export async function writePng(path: string, picture: Writable): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`;
  const bytes = await encodePng(picture);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, bytes);
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw fileProblem(path, cause);
  }
}

function bytesOf(picture: Writable): ByteImage {
  if (!('channels' in picture))
    return { ...picture, channels: 1, data: picture.data.map((value) => (value ? 255 : 0)) };
  return picture.data instanceof Uint8Array ? (picture as ByteImage) : toBytes(picture as Image);
}
