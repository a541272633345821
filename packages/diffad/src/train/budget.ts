import type { DiffADConfig } from '../config/schema.ts';
import type { Costs, StageCost } from './measure.ts';
import type { StageName } from './stage.ts';

const FEWEST_STEPS = 10;

/** Steps of a stage. */
export const stepsOf = ({ training, draem }: DiffADConfig, stage: StageName): number =>
  stage === 'draem' ? draem.steps : training[stage].steps;

/** Seconds a stage takes: its pool, then its steps. The first stage and the baseline need no pool, and none is made for no steps. */
export const secondsOf = (config: DiffADConfig, cost: StageCost): number =>
  fillingsOf(config, cost.stage) * config.simulation.pool * cost.perItem + stepsOf(config, cost.stage) * cost.perStep;

/** How often a stage makes its pool. */
function fillingsOf(config: DiffADConfig, stage: StageName): number {
  const steps = stepsOf(config, stage);
  const { refresh } = config.training.segment;
  return stage === 'segment' && refresh > 0 ? Math.ceil(steps / refresh) : Math.min(steps, 1);
}

/** Scales the steps of all stages alike, down only and not below ten, so that training takes at most `seconds`. A stage without steps stays so. */
export function fitBudget(config: DiffADConfig, { stages }: Costs, seconds: number): DiffADConfig {
  const pools = stages
    .filter(({ stage }) => stepsOf(config, stage) > 0)
    .reduce((sum, { perItem }) => sum + perItem * config.simulation.pool, 0);
  const steps = stages.reduce((sum, { stage, perStep }) => sum + perStep * stepsOf(config, stage), 0);
  const share = Math.min(1, Math.max(0, seconds - pools) / steps);
  const scaled = <T extends { readonly steps: number }>(stage: T): T => ({
    ...stage,
    steps: Math.min(stage.steps, Math.max(FEWEST_STEPS, Math.floor((share * stage.steps) / 10) * 10)),
  });
  const { vae, diffusion, segment } = config.training;
  return {
    ...config,
    training: { vae: scaled(vae), diffusion: scaled(diffusion), segment: scaled(segment) },
    draem: scaled(config.draem),
  };
}
