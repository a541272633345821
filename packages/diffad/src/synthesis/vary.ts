import type { Rng } from '@diffad/tensor-core';
import { createImage, type Image } from '../image/image.ts';
import { crop } from '../image/letterbox.ts';
import { resize } from '../image/resize.ts';

/** How far normal pictures of one line differ from each other beyond what a few of them show. */
export interface Variation {
  /** Share of pictures that are varied; default 0. */
  readonly probability: number;
  /** Light: brightness is multiplied by a factor between 1 / gain and gain. */
  readonly gain: number;
  /** Contrast: values are raised to a power between 1 / gamma and gamma. */
  readonly gamma: number;
  /** Distance and place: a square window of at least this share of the side fills the picture. */
  readonly zoom: number;
  /** Largest standard deviation of noise, of a range of 1; the same in all channels. */
  readonly noise: number;
}

/** Pictures as they are. */
export const UNVARIED: Variation = { probability: 0, gain: 1, gamma: 1, zoom: 1, noise: 0 };

/**
 * A normal picture as it might have been taken in another light, from another distance: [H, W, C] in [0, 1]. Not in the paper. Networks
 * that have seen a few dozen pictures redraw others less well, and a discriminator that was never shown that takes it for a defect.
 */
export function vary(image: Image, { gain, gamma, zoom, noise }: Variation, rng: Rng): Image {
  const [factor, power] = [between(gain, rng), between(gamma, rng)];
  const framed = reframed(image, zoom, rng);
  const { width, height, channels } = framed;
  const varied = createImage(width, height, channels);
  const deviation = rng.uniform(0, noise);
  const grain = rng.normals(width * height);
  for (const [i, value] of framed.data.entries()) {
    const lit = Math.min(1, value * factor) ** power + deviation * (grain[Math.floor(i / channels)] as number);
    varied.data[i] = Math.min(1, Math.max(0, lit));
  }
  return varied;
}

/** Between 1 / most and most, evenly in their logarithm. */
const between = (most: number, rng: Rng): number => most ** rng.uniform(-1, 1);

function reframed(image: Image, zoom: number, rng: Rng): Image {
  const { width, height } = image;
  const kept = rng.uniform(zoom, 1);
  const [w, h] = [Math.max(1, Math.round(kept * width)), Math.max(1, Math.round(kept * height))];
  const window = { x: rng.int(0, width - w + 1), y: rng.int(0, height - h + 1), width: w, height: h };
  return resize(crop(image, window), width, height);
}
