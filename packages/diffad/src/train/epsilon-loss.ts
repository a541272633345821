import { type Rng, scope, type Tensor } from '@diffad/tensor-core';
import type { DiffAD } from '../diffad.ts';
import { diffusionLoss } from '../diffusion/loss.ts';

const BINS = 5;
/** Timesteps looked at in each bin. */
const PER_BIN = 2;

/**
 * The noise's mean squared error for latents and conditions [B, h, w, C], by equal bins of the trained timesteps: `epsilonLoss 0-199` and on.
 * A model that predicts velocities v is measured alike: its noise errs by √ᾱ_t times what v errs by.
 */
export async function epsilonLossByBin(
  model: DiffAD,
  latents: Tensor,
  condition: Tensor,
  rng: Rng,
): Promise<Record<string, number>> {
  const { schedule } = model;
  const { lowest } = model.config.diffusion;
  const width = Math.ceil((schedule.steps - lowest) / BINS);
  const losses: Record<string, number> = {};
  for (let from = lowest; from < schedule.steps; from += width) {
    const count = Math.min(width, schedule.steps - from);
    let sum = 0;
    for (let i = 0; i < PER_BIN; i++)
      sum += await epsilonLossAt(model, latents, condition, from + Math.floor(((i + 0.5) * count) / PER_BIN), rng);
    losses[`epsilonLoss ${from}-${from + count - 1}`] = sum / PER_BIN;
  }
  return losses;
}

async function epsilonLossAt(
  { config, schedule, unet }: DiffAD,
  latents: Tensor,
  condition: Tensor,
  time: number,
  rng: Rng,
): Promise<number> {
  const { condition: kind, conditionNoiseMax, prediction } = config.diffusion;
  using loss = scope(() =>
    diffusionLoss({
      schedule,
      prediction,
      network: (x, times) => unet.call(x, times),
      latents,
      ...(kind !== 'none' && { condition }),
      conditionNoiseMax: kind === 'noisy' ? conditionNoiseMax : 0,
      times: new Array<number>(latents.shape[0] as number).fill(time),
      rng,
    }),
  );
  return (await loss.item()) * (prediction === 'v' ? (schedule.alphasCumprod[time] as number) : 1);
}
