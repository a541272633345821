import { mse } from '@diffad/nn';
import { concat, type Rng, randn, scope, type Tensor } from '@diffad/tensor-core';
import { qSample, velocity } from './q-sample.ts';
import type { DiffusionSchedule } from './schedule.ts';

/** What the UNet's output means: the noise (the paper) or the velocity (better at few steps). */
export type Prediction = 'epsilon' | 'v';

export interface DiffusionLossOptions {
  readonly schedule: DiffusionSchedule;
  readonly prediction: Prediction;
  /** Predicts from noisy latents with their condition [B, h, w, C or 2C] and times [B]. */
  readonly network: (x: Tensor, times: ArrayLike<number>) => Tensor;
  /** Latents of normal pictures [B, h, w, C]. */
  readonly latents: Tensor;
  /** Latents of what the picture looked like [B, h, w, C]; left out for the unconditional variant. */
  readonly condition?: Tensor;
  /** The condition is diffused to its own timestep, uniform on [0, this]; 0 leaves it clean. Paper section 3.2. */
  readonly conditionNoiseMax: number;
  /** A timestep for each picture; default drawn uniformly on [lowest, T). */
  readonly times?: readonly number[];
  /** Default 0, as in the paper. */
  readonly lowest?: number;
  /** What the error of each latent counts [B, h, w, 1], 1 on average; default 1 everywhere, as in the paper. */
  readonly weights?: Tensor;
  readonly rng: Rng;
}

const uniformTimes = (count: number, from: number, end: number, rng: Rng): number[] =>
  Array.from({ length: count }, () => rng.int(from, end));

/** Mean squared error of the prediction. Paper eq. 4, spec 1.6. */
export function diffusionLoss(options: DiffusionLossOptions): Tensor {
  const { schedule, prediction, network, latents, condition, conditionNoiseMax, lowest = 0, weights, rng } = options;
  const pictures = latents.shape[0] as number;
  return scope(() => {
    const times = options.times ?? uniformTimes(pictures, lowest, schedule.steps, rng);
    const noise = randn(latents.shape, rng);
    const noisy = qSample(schedule, latents, times, noise);
    const expected = prediction === 'epsilon' ? noise : velocity(schedule, latents, times, noise);
    if (!condition) return mse(network(noisy, times), expected, weights);
    const seen =
      conditionNoiseMax > 0
        ? qSample(
            schedule,
            condition,
            uniformTimes(pictures, 0, conditionNoiseMax + 1, rng),
            randn(condition.shape, rng),
          )
        : condition;
    return mse(network(concat([noisy, seen], 3), times), expected, weights);
  });
}
