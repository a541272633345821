import type { Rng } from '@diffad/tensor-core';
import { createMask, type Mask } from '../../image/image.ts';
import { disc } from './disc.ts';

/** A line that wanders as a crack does: a fifth to four fifths of the picture long, 1 to 2 % of its side wide. Not in the paper. */
export function thinMask(width: number, height: number, rng: Rng): Mask {
  const mask = createMask(width, height);
  const side = Math.min(width, height);
  const radius = Math.max(0.5, rng.uniform(0.005, 0.01) * side);
  const steps = Math.round(rng.uniform(0.2, 0.8) * side);
  let [x, y, heading] = [rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0, 2 * Math.PI)];
  const turns = rng.normals(steps);
  for (let i = 0; i < steps; i++) {
    disc(mask, x, y, radius);
    heading += (0.6 * (turns[i] as number)) / Math.sqrt(side / 16);
    x += Math.cos(heading);
    y += Math.sin(heading);
  }
  return mask;
}
