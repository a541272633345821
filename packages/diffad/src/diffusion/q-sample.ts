import { add, mul, scope, type Tensor, tensor } from '@diffad/tensor-core';
import type { DiffusionSchedule } from './schedule.ts';

/** Coefficients of the timesteps as a tensor that broadcasts over pictures: [B, 1, 1, 1]. */
const perPicture = (values: Float64Array, times: ArrayLike<number>): Tensor =>
  tensor(
    Float32Array.from(times, (t) => values[t] as number),
    [times.length, 1, 1, 1],
  );

/** Diffuses x [B, h, w, C] to timesteps times [B]: √ᾱ_t x + √(1 − ᾱ_t) noise. Paper eq. 2. */
export const qSample = (schedule: DiffusionSchedule, x: Tensor, times: ArrayLike<number>, noise: Tensor): Tensor =>
  scope(() => add(mul(perPicture(schedule.signal, times), x), mul(perPicture(schedule.noise, times), noise)));

/** What the network learns to predict under v-prediction: √ᾱ_t noise − √(1 − ᾱ_t) x. Salimans and Ho 2022. */
export const velocity = (schedule: DiffusionSchedule, x: Tensor, times: ArrayLike<number>, noise: Tensor): Tensor =>
  scope(() =>
    add(
      mul(perPicture(schedule.signal, times), noise),
      mul(
        perPicture(
          schedule.noise.map((n) => -n),
          times,
        ),
        x,
      ),
    ),
  );
