import type { Rng } from '@diffad/tensor-core';
import { createImage, type Image } from '../../image/image.ts';

/** Mean with weights 1 and 5 in the middle, over 13; the border stays as it is. */
function smooth(image: Image): Image {
  const { width, height, channels, data } = image;
  const result = { ...createImage(width, height, channels), data: data.slice() };
  const row = width * channels;
  for (let y = 1; y < height - 1; y++)
    for (let i = y * row + channels; i < (y + 1) * row - channels; i++) {
      let sum = 4 * (data[i] as number);
      for (const dy of [-row, 0, row]) for (const dx of [-channels, 0, channels]) sum += data[i + dy + dx] as number;
      result.data[i] = sum / 13;
    }
  return result;
}

/** smooth + f · (image − smooth), f ~ U(0, 2): softer below 1, sharper above. */
export function sharpness(image: Image, rng: Rng): Image {
  const factor = rng.uniform(0, 2);
  const soft = smooth(image);
  const data = soft.data.map((value, i) =>
    Math.min(1, Math.max(0, value + factor * ((image.data[i] as number) - value))),
  );
  return { ...image, data };
}
