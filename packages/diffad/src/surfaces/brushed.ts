import type { Rng } from '@diffad/tensor-core';
import type { Image } from '../image/image.ts';
import { grain, smoothNoise } from './field.ts';
import { shade } from './shade.ts';

/** Brushed steel: fine lines that begin and end, under a broad sheen that moves from part to part. */
export function brushed(size: number, rng: Rng): Image {
  const lines = rng.normals(size);
  const long = smoothNoise(size, size / 2, 3, rng);
  const short = smoothNoise(size, size / 4, 8, rng);
  const sheen = { at: rng.uniform(0.25, 0.75) * size, width: rng.uniform(0.3, 0.5) * size };
  const fuzz = grain(size, rng);
  return shade(size, [0.93, 0.96, 1], (x, y) => {
    const glow = Math.exp(-(((x - sheen.at) / sheen.width) ** 2));
    const brush = 0.04 * (lines[y] as number) + 0.1 * long(x, y) + 0.06 * short(x, y);
    return 0.47 + 0.14 * glow + brush * (0.7 + 0.5 * glow) + 0.012 * fuzz(x, y);
  });
}
