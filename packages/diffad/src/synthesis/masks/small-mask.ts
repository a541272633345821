import type { Rng } from '@diffad/tensor-core';
import { createMask, type Mask } from '../../image/image.ts';
import { disc } from './disc.ts';

/** One to three pits, 3 to 8 % of the picture's side across. Not in the paper. */
export function smallMask(width: number, height: number, rng: Rng): Mask {
  const mask = createMask(width, height);
  const side = Math.min(width, height);
  for (let count = rng.int(1, 4); count > 0; count--)
    disc(mask, rng.uniform(0, width), rng.uniform(0, height), Math.max(0.5, rng.uniform(0.015, 0.04) * side));
  return mask;
}
