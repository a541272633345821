import type { Rng } from '@diffad/tensor-core';
import { hls } from '../../image/color/hls.ts';
import { hsv } from '../../image/color/hsv.ts';
import { lab } from '../../image/color/lab.ts';
import { luv } from '../../image/color/luv.ts';
import { yuv } from '../../image/color/yuv.ts';
import type { Image } from '../../image/image.ts';
import { mapPixels } from './map-pixels.ts';

/** YCrCb and YUV share their lightness, so it is drawn twice as often. */
const spaces = [yuv, yuv, hsv, hls, lab, luv];

/** Scales the lightness of a random colour space by U(0.8, 1.2) and shifts it by up to 30 levels, in random order. */
export function brightness(image: Image, rng: Rng): Image {
  const space = rng.choice(spaces);
  const factor = rng.uniform(0.8, 1.2);
  const shift = rng.int(-30, 31) / 255;
  const scaleFirst = rng.uniform() < 0.5;
  return mapPixels(image, space, (pixel) => {
    const value = pixel[space.lightness];
    const changed = scaleFirst ? value * factor + shift : (value + shift) * factor;
    pixel[space.lightness] = Math.min(1, Math.max(0, changed));
  });
}
