import type { Rng } from '@diffad/tensor-core';
import { hsv } from '../../image/color/hsv.ts';
import type { Image } from '../../image/image.ts';
import { mapPixels } from './map-pixels.ts';

/** Turns the hue and shifts the saturation by integers u, v in [−50, 50]: hue by ⌊u / 255 · 180⌋ of 180, saturation by v of 255. */
export function hueSaturation(image: Image, rng: Rng): Image {
  const hue = Math.trunc((rng.int(-50, 51) / 255) * 180) / 180;
  const saturation = rng.int(-50, 51) / 255;
  return mapPixels(image, hsv, (pixel) => {
    pixel[0] = (((pixel[0] + hue) % 1) + 1) % 1;
    pixel[1] = Math.min(1, Math.max(0, pixel[1] + saturation));
  });
}
