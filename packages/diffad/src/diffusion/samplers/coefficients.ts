import type { Prediction } from '../loss.ts';
import type { DiffusionSchedule } from '../schedule.ts';

/** One step of a sampler: z ← latent · z + output · prediction + sigma · n. */
export interface StepCoefficients {
  readonly latent: number;
  readonly output: number;
  readonly sigma: number;
}

/**
 * From timestep t to `previous` (0 at the end). With a = ᾱ_t, b = ᾱ_previous, σ = η √((1 − b) / (1 − a) · (1 − a / b)):
 * z ← √b x₀ + √(1 − b − σ²) ε + σ n, where x₀ and ε are linear in z and the prediction. Spec 1.7; Song et al. 2021, eq. 12.
 */
export function ddimCoefficients(
  schedule: DiffusionSchedule,
  t: number,
  previous: number,
  prediction: Prediction,
  eta = 0,
): StepCoefficients {
  const a = schedule.alphasCumprod[t] as number;
  const b = schedule.alphasCumprod[previous] as number;
  const sigma = t === previous ? 0 : eta * Math.sqrt(((1 - b) / (1 - a)) * (1 - a / b));
  const keep = Math.sqrt(b);
  const direction = Math.sqrt(Math.max(1 - b - sigma ** 2, 0));
  const signal = Math.sqrt(a);
  const noise = Math.sqrt(1 - a);
  if (prediction === 'epsilon') return { latent: keep / signal, output: direction - (keep * noise) / signal, sigma };
  return { latent: keep * signal + direction * noise, output: direction * signal - keep * noise, sigma };
}
