/** How much noise each of T timesteps adds. Paper eq. 1; values of spec 1.5. */
export interface ScheduleConfig {
  readonly steps: number;
  readonly betaStart: number;
  readonly betaEnd: number;
}

export const PAPER_SCHEDULE: ScheduleConfig = { steps: 1000, betaStart: 0.0015, betaEnd: 0.02 };

/** Per timestep, in float64: x_t = signal[t] · x + noise[t] · ε, signal² + noise² = 1. */
export interface DiffusionSchedule {
  readonly steps: number;
  readonly betas: Float64Array;
  /** Π (1 − β) up to and including t. */
  readonly alphasCumprod: Float64Array;
  readonly signal: Float64Array;
  readonly noise: Float64Array;
}

/** The schedule that is linear in √β, as latent diffusion uses it. */
export function diffusionSchedule({ steps, betaStart, betaEnd }: ScheduleConfig = PAPER_SCHEDULE): DiffusionSchedule {
  if (!Number.isInteger(steps) || steps < 2)
    throw new RangeError(`diffusionSchedule: steps must be an integer >= 2, got ${steps}`);
  if (!(betaStart > 0 && betaStart <= betaEnd && betaEnd < 1))
    throw new RangeError(`diffusionSchedule: expected 0 < betaStart <= betaEnd < 1, got ${betaStart} and ${betaEnd}`);
  const first = Math.sqrt(betaStart);
  const slope = (Math.sqrt(betaEnd) - first) / (steps - 1);
  const betas = Float64Array.from({ length: steps }, (_, t) => (first + slope * t) ** 2);
  let product = 1;
  const alphasCumprod = betas.map((beta) => {
    product *= 1 - beta;
    return product;
  });
  return {
    steps,
    betas,
    alphasCumprod,
    signal: alphasCumprod.map(Math.sqrt),
    noise: alphasCumprod.map((a) => Math.sqrt(1 - a)),
  };
}
