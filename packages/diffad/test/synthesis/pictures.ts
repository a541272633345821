import { Rng } from '@diffad/tensor-core';
import type { Image } from '../../src/image/image.ts';

/** A picture of uniform noise, [size, size, channels]. */
export const noise = (size: number, seed: number, channels = 3): Image => ({
  width: size,
  height: size,
  channels,
  data: new Rng(seed).uniforms(size * size * channels),
});

/** A picture of one value. */
export const flat = (size: number, value: number, channels = 3): Image => ({
  width: size,
  height: size,
  channels,
  data: new Float32Array(size * size * channels).fill(value),
});
