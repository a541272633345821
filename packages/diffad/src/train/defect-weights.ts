import { type Tensor, tensor } from '@diffad/tensor-core';
import type { Mask } from '../image/image.ts';

/**
 * What the errors of latents count [B, side, side, 1]: 1 + `weight` where a latent, or one beside it, covers a defect of the masks
 * [H, W], 1 elsewhere, all divided by their mean. Defects fill a few latents of a picture, so that a network that copies them loses little.
 */
export function defectWeights(masks: readonly Mask[], side: number, weight: number): Tensor {
  const all = new Float32Array(masks.length * side * side).fill(1);
  for (const [i, mask] of masks.entries()) {
    const weights = all.subarray(i * side * side, (i + 1) * side * side);
    const covers = mask.width / side;
    for (const [pixel, marked] of mask.data.entries()) {
      if (marked === 0) continue;
      const [x, y] = [Math.floor((pixel % mask.width) / covers), Math.floor(pixel / mask.width / covers)];
      for (let v = Math.max(0, y - 1); v <= Math.min(side - 1, y + 1); v++)
        weights.fill(1 + weight, v * side + Math.max(0, x - 1), v * side + Math.min(side - 1, x + 1) + 1);
    }
  }
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return tensor(
    all.map((value) => value / mean),
    [masks.length, side, side, 1],
  );
}
