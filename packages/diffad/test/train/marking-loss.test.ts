import { dice, focal } from '@diffad/nn';
import { Rng, scope, sigmoid, type Tensor, tensor, valueAndGrad, withDevice } from '@diffad/tensor-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { devices } from '../../../tensor-core/test/devices.ts';
import { compare } from '../../../tensor-core/test/laws.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { scoreKernelsOf } from '../../src/config/score-kernels-of.ts';
import type { Mask } from '../../src/image/image.ts';
import { anomalyLogit } from '../../src/segment/discriminator.ts';
import { stackMasks } from '../../src/train/batch.ts';
import { markingLoss, scoreLoss } from '../../src/train/marking-loss.ts';

const side = 8;
const pixels = side * side;

const maskOf = (marked: boolean): Mask => {
  const data = new Uint8Array(pixels);
  if (marked) data[9] = 1;
  return { width: side, height: side, data };
};

/** Float64, window by window. */
function naive(logits: ArrayLike<number>, marked: readonly boolean[], kernels: readonly number[]): number {
  const loss = marked.map((defective, picture) => {
    const p = Array.from({ length: pixels }, (_, i) => {
      const at = 2 * (picture * pixels + i);
      return 1 / (1 + Math.exp((logits[at] as number) - (logits[at + 1] as number)));
    });
    const largest = kernels.map((kernel) => {
      const means = p.map((_, i) => {
        const [row, column] = [Math.floor(i / side), i % side];
        const near = p.filter(
          (_, j) => Math.max(Math.abs(Math.floor(j / side) - row), Math.abs((j % side) - column)) <= (kernel - 1) / 2,
        );
        return near.reduce((a, b) => a + b, 0) / kernel ** 2;
      });
      return Math.max(...means);
    });
    const score = largest.reduce((a, b) => a + b) / kernels.length;
    return -Math.log((defective ? score : 1 - score) + 1e-4);
  });
  return loss.reduce((a, b) => a + b) / marked.length;
}

test('the loss on scores is its definition, and its gradient that of finite differences', async () => {
  const kernels = fc.subarray([1, 3, 5], { minLength: 1 });
  const defective = fc.array(fc.boolean(), { minLength: 1, maxLength: 3 });
  const property = fc.asyncProperty(fc.nat(), defective, kernels, async (seed, marked, windows) => {
    const logits = new Rng(seed).normals(marked.length * 2 * pixels);
    for (const [variant, device] of Object.entries(await devices())) {
      const { value: loss, grads } = withDevice(device, () =>
        scope(() => {
          const x = tensor(logits, [marked.length, side, side, 2]);
          return valueAndGrad([x], () => scoreLoss(x, marked.map(maskOf), windows));
        }),
      );
      compare(`${variant} value`, [await loss.item()], [naive(logits, marked, windows)], 2e-6);
      const direction = Float64Array.from(logits, (_, i) => Math.sin(7 * i + 1));
      const moved = (by: number): number =>
        naive(
          Float64Array.from(logits, (v, i) => v + by * (direction[i] as number)),
          marked,
          windows,
        );
      const gradient = await (grads[0] as Tensor).read();
      const along = Array.from(gradient).reduce((sum, g, i) => sum + g * (direction[i] as number), 0);
      const [ahead, behind, here] = [moved(1e-6), moved(-1e-6), moved(0)];
      const kink = Math.abs(ahead - 2 * here + behind) > 1e-9; // two windows of one height
      if (!kink) compare(`${variant} gradient`, [along], [(ahead - behind) / 2e-6], 2e-4);
      for (const t of [loss, ...grads]) t.dispose();
    }
  });
  await fc.assert(property, { numRuns: 25 });
});

test('marking costs what pixels cost and shares of what their overlap and the scores cost', async () => {
  const configOf = (lossWeight: number, diceWeight: number) =>
    resolveConfig({ assignments: [`scoring.lossWeight=${lossWeight}`, `discriminator.diceWeight=${diceWeight}`] });
  const masks = [true, false].map(maskOf);
  const kernels = scoreKernelsOf(configOf(0, 0));
  for (const device of Object.values(await devices())) {
    const losses = withDevice(device, () =>
      scope(() => {
        const x = tensor(new Rng(3).normals(2 * 2 * pixels), [2, side, side, 2]);
        const overlap = dice(
          sigmoid(anomalyLogit(x)),
          tensor(
            masks.flatMap(({ data }) => [...data]),
            [2, side, side, 1],
          ),
        );
        const together = [configOf(0, 0), configOf(0.5, 0), configOf(0.5, 0.25)].map((c) => markingLoss(c, x, masks));
        return [focal(x, stackMasks(masks)), scoreLoss(x, masks, kernels), overlap, ...together];
      }),
    );
    const [ofPixels = 0, ofScores = 0, ofOverlap = 0, alone, both, all] = await Promise.all(
      losses.map((loss) => loss.item()),
    );
    expect(alone).toBe(ofPixels);
    expect(both).toBeCloseTo(ofPixels + 0.5 * ofScores, 6);
    expect(all).toBeCloseTo(ofPixels + 0.5 * ofScores + 0.25 * ofOverlap, 6);
    for (const loss of losses) loss.dispose();
  }
});
