import type { DiffADConfig } from '../config/schema.ts';
import type { Costs, StageCost } from './measure.ts';
import type { StageName } from './stage.ts';

const FEWEST_STEPS = 10;

/** Steps of a stage. */
export const stepsOf = ({ training, draem }: DiffADConfig, stage: StageName): number =>
  stage === 'draem' ? draem.steps : training[stage].steps;

/** Seconds a stage takes: its pool, then its steps. The first stage and the baseline need no pool. */
export function secondsOf(config: DiffADConfig, { stage, perStep, perItem }: StageCost): number {
  const steps = stepsOf(config, stage);
  const { refresh } = config.training.segment;
  const fillings = stage === 'segment' && refresh > 0 ? Math.ceil(steps / refresh) : 1;
  return fillings * config.simulation.pool * perItem + steps * perStep;
}

/** Scales the steps of all stages alike, down only, so that training takes at most `seconds`. */
export function fitBudget(config: DiffADConfig, { stages }: Costs, seconds: number): DiffADConfig {
  const pools = stages.reduce((sum, { perItem }) => sum + perItem * config.simulation.pool, 0);
  const steps = stages.reduce((sum, { stage, perStep }) => sum + perStep * stepsOf(config, stage), 0);
  const share = Math.min(1, Math.max(0, seconds - pools) / steps);
  const scaled = <T extends { readonly steps: number }>(stage: T): T => ({
    ...stage,
    steps: Math.max(FEWEST_STEPS, Math.floor((share * stage.steps) / 10) * 10),
  });
  const { vae, diffusion, segment } = config.training;
  return {
    ...config,
    training: { vae: scaled(vae), diffusion: scaled(diffusion), segment: scaled(segment) },
    draem: scaled(config.draem),
  };
}
