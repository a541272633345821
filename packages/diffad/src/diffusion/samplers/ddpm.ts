import { add, mul, type Rng, randn, scope, type Tensor } from '@diffad/tensor-core';
import type { Prediction } from '../loss.ts';
import type { DiffusionSchedule } from '../schedule.ts';

export interface DdpmOptions {
  readonly schedule: DiffusionSchedule;
  /** The network's prediction for latents z [B, h, w, C], all at timestep t. */
  readonly denoise: (z: Tensor, t: number) => Tensor;
  /** Latents at timestep `from` [B, h, w, C]. */
  readonly noise: Tensor;
  readonly rng: Rng;
  readonly prediction?: Prediction;
  /** The timestep sampling starts at; default T − 1. */
  readonly from?: number;
}

/** The mean of the posterior q(x_{t−1} | x_t, x₀) as weights of z and the prediction, and its deviation. Ho et al. 2020, eq. 7. */
export function ddpmCoefficients(schedule: DiffusionSchedule, t: number, prediction: Prediction) {
  const beta = schedule.betas[t] as number;
  const a = schedule.alphasCumprod[t] as number;
  const b = t > 0 ? (schedule.alphasCumprod[t - 1] as number) : 1;
  const ofClean = (beta * Math.sqrt(b)) / (1 - a);
  const ofNoisy = ((1 - b) * Math.sqrt(1 - beta)) / (1 - a);
  const [latent, output] =
    prediction === 'epsilon' ? [1 / Math.sqrt(a), -Math.sqrt(1 - a) / Math.sqrt(a)] : [Math.sqrt(a), -Math.sqrt(1 - a)];
  const sigma = Math.sqrt((beta * (1 - b)) / (1 - a));
  return { latent: ofNoisy + ofClean * latent, output: ofClean * output, sigma };
}

/** Ancestral sampling through every timestep. Ho et al. 2020, algorithm 2. Returns latents [B, h, w, C]. */
export function ddpm(options: DdpmOptions): Tensor {
  const { schedule, denoise, noise, rng, prediction = 'epsilon', from = schedule.steps - 1 } = options;
  return scope(() => {
    let z = noise;
    for (let t = from; t >= 0; t--) {
      const { latent, output, sigma } = ddpmCoefficients(schedule, t, prediction);
      const next = scope(() => {
        const mean = add(mul(z, latent), mul(denoise(z, t), output));
        return t > 0 ? add(mean, mul(randn(z.shape, rng), sigma)) : mean;
      });
      if (z !== noise) z.dispose();
      z = next;
    }
    return z;
  });
}
