import fc from 'fast-check';
import type { Image, Mask } from '../../src/image/image.ts';

const side = fc.integer({ min: 1, max: 24 });

/** Pictures up to 24 pixels a side with values in [0, 1]. */
export const images = (channels: number): fc.Arbitrary<Image> =>
  fc.tuple(side, side, fc.integer()).map(([width, height, seed]) => ({
    width,
    height,
    channels,
    data: Float32Array.from({ length: width * height * channels }, (_, i) => hash(seed, i) / 2 ** 32),
  }));

/** Masks up to 24 pixels a side; `density` of the pixels are defective. */
export const masks = (density = 0.4): fc.Arbitrary<Mask> =>
  images(1).map(({ width, height, data }) => ({
    width,
    height,
    data: Uint8Array.from(data, (v) => (v < density ? 1 : 0)),
  }));

export const runs = { seed: 7, numRuns: 60 };

function hash(seed: number, i: number): number {
  let h = Math.imul(seed ^ (i * 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
