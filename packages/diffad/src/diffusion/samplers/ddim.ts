import { add, mul, type Rng, randn, scope, type Tensor } from '@diffad/tensor-core';
import type { Prediction } from '../loss.ts';
import type { DiffusionSchedule } from '../schedule.ts';
import { ddimCoefficients } from './coefficients.ts';

export interface DdimOptions {
  readonly schedule: DiffusionSchedule;
  /** The network's prediction for latents z [B, h, w, C], all at timestep t. */
  readonly denoise: (z: Tensor, t: number) => Tensor;
  /** Where sampling starts: standard normals, or a picture diffused to the highest timestep. [B, h, w, C]. */
  readonly noise: Tensor;
  /** Ascending timesteps, from `timesteps`. */
  readonly steps: readonly number[];
  readonly prediction?: Prediction;
  /** 0 is deterministic; 1 adds as much noise as DDPM does. Needs `rng` when above 0. */
  readonly eta?: number;
  readonly rng?: Rng;
  /** Called after each step with the latents so far; they end with the step. */
  readonly onStep?: (step: { readonly index: number; readonly timestep: number; readonly latents: Tensor }) => void;
}

/** Denoises from the highest timestep to none. Song et al. 2021; spec 1.7. Returns latents [B, h, w, C]. */
export function ddim(options: DdimOptions): Tensor {
  const { schedule, denoise, noise, steps, prediction = 'epsilon', eta = 0, rng, onStep } = options;
  if (eta > 0 && !rng) throw new TypeError(`ddim: eta ${eta} draws noise; pass rng`);
  return scope(() => {
    let z = noise;
    for (let k = steps.length - 1; k >= 0; k--) {
      const t = steps[k] as number;
      const c = ddimCoefficients(schedule, t, steps[k - 1] ?? 0, prediction, eta);
      const next = scope(() => {
        const mean = add(mul(z, c.latent), mul(denoise(z, t), c.output));
        return c.sigma > 0 ? add(mean, mul(randn(z.shape, rng as Rng), c.sigma)) : mean;
      });
      if (z !== noise) z.dispose();
      z = next;
      onStep?.({ index: steps.length - 1 - k, timestep: t, latents: z });
    }
    return z;
  });
}
