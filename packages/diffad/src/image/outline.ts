import { type ByteImage, checkChannels, checkSameSize, createMask, type Mask } from './image.ts';
import type { Rgb } from './text.ts';

/** The pixels of a mask with a neighbour outside it, above, below, left or right; the picture's edge counts as outside. */
export function maskOutline({ width, height, data }: Mask): Mask {
  const outline = createMask(width, height);
  const at = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] !== 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const enclosed = at(x - 1, y) && at(x + 1, y) && at(x, y - 1) && at(x, y + 1);
      outline.data[y * width + x] = at(x, y) && !enclosed ? 1 : 0;
    }
  return outline;
}

/** A copy of the RGB picture with the mask's outline drawn in one colour. */
export function drawOutline(picture: ByteImage, mask: Mask, color: Rgb): ByteImage {
  checkChannels('drawOutline', picture, 3);
  checkSameSize('drawOutline', picture, mask);
  const result = { ...picture, data: picture.data.slice() };
  const outline = maskOutline(mask);
  for (let i = 0; i < outline.data.length; i++) if (outline.data[i]) result.data.set(color, i * 3);
  return result;
}
