import { dice, focal } from '@diffad/nn';
import {
  abs,
  add,
  avgPool2d,
  log,
  max,
  mean,
  mul,
  reshape,
  scope,
  sigmoid,
  sub,
  type Tensor,
  tensor,
} from '@diffad/tensor-core';
import type { DiffADConfig } from '../config/schema.ts';
import { scoreKernelsOf } from '../config/score-kernels-of.ts';
import type { Mask } from '../image/image.ts';
import { anomalyLogit } from '../segment/discriminator.ts';
import { stackMasks } from './batch.ts';

const SMOOTHING = 1e-4;

/**
 * How well logits [B, H, W, 2] mark the defects of B masks: the focal loss of pixels (spec 3.3), `discriminator.diceWeight` times their Dice
 * loss and `scoring.lossWeight` times `scoreLoss`.
 */
export function markingLoss(config: DiffADConfig, logits: Tensor, masks: readonly Mask[]): Tensor {
  return scope(() => {
    const mask = stackMasks(masks);
    const terms: [weight: number, loss: () => Tensor][] = [
      [config.discriminator.diceWeight, () => dice(reshape(sigmoid(anomalyLogit(logits)), mask.shape), mask)],
      [config.scoring.lossWeight, () => scoreLoss(logits, masks, scoreKernelsOf(config))],
    ];
    return terms
      .filter(([weight]) => weight > 0)
      .reduce((sum, [weight, loss]) => add(sum, mul(loss(), weight)), focal(logits, mask));
  });
}

/**
 * How well the scores of pictures tell which of them have a defect: binary cross-entropy against whether a mask is marked anywhere. A score is read
 * off logits [B, H, W, 2] as `imageScore` does it: the mean over windows of `kernels` pixels of the largest mean probability. Not in the paper.
 */
export const scoreLoss = (logits: Tensor, masks: readonly Mask[], kernels: readonly number[]): Tensor =>
  scope(() => {
    const probability = sigmoid(anomalyLogit(logits));
    const largest = kernels.map((size) =>
      max(avgPool2d(probability, { size, stride: 1, padding: (size - 1) / 2 }), { axes: [1, 2, 3] }),
    );
    const score = mul(largest.reduce(add), 1 / kernels.length);
    const wrong = tensor(
      Float32Array.from(masks, ({ data }) => (data.includes(1) ? 0 : 1)),
      [masks.length],
    );
    return mul(mean(log(add(abs(sub(wrong, score)), SMOOTHING))), -1);
  });
