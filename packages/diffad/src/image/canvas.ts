import { type ByteImage, checkChannels, createByteImage } from './image.ts';
import type { Rgb } from './text.ts';

/** The dark ground of panels and legends, and what is written on it. */
export const BACKGROUND: Rgb = [24, 24, 27];
export const INK: Rgb = [228, 228, 231];

/** An RGB picture of one colour. */
export function filled(width: number, height: number, color: Rgb): ByteImage {
  const image = createByteImage(width, height, 3);
  for (let i = 0; i < image.data.length; i += 3) image.data.set(color, i);
  return image;
}

/** Copies an RGB picture into another with its top left corner at (x, y); it must fit. */
export function paste(target: ByteImage, image: ByteImage, x: number, y: number): void {
  checkChannels('paste', image, 3);
  for (let row = 0; row < image.height; row++) {
    target.data.set(
      image.data.subarray(row * image.width * 3, (row + 1) * image.width * 3),
      ((y + row) * target.width + x) * 3,
    );
  }
}
