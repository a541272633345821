import type { DiffADConfig } from '../config/schema.ts';
import type { Costs, StageCost } from './measure.ts';
import type { StageName } from './stage.ts';

const FEWEST_STEPS = 10;

/** Steps of a stage. */
export const stepsOf = ({ training, draem }: DiffADConfig, stage: StageName): number =>
  stage === 'draem' ? draem.steps : training[stage].steps;

/** Seconds of one step. Without a pool it encodes or redraws its own pictures, which measured steps find made already. */
function stepSeconds({ training, draem, simulation }: DiffADConfig, { stage, perStep, perItem }: StageCost): number {
  const { batch } = stage === 'draem' ? draem : training[stage];
  return simulation.pool > 0 ? perStep : perStep + batch * perItem;
}

/** Seconds to make a stage's pool once. The first stage and the baseline need none, and none is made for no steps. */
const poolSeconds = (config: DiffADConfig, { stage, perItem }: StageCost): number =>
  stepsOf(config, stage) > 0 ? config.simulation.pool * perItem : 0;

/** Seconds a stage takes: its pool, as often as it is made, then its steps. Simulating pictures, which threads do ahead, is not counted. */
export function secondsOf(config: DiffADConfig, cost: StageCost): number {
  const steps = stepsOf(config, cost.stage);
  const { refresh } = config.training.segment;
  const fillings = cost.stage === 'segment' && refresh > 0 ? Math.ceil(steps / refresh) : 1;
  return fillings * poolSeconds(config, cost) + steps * stepSeconds(config, cost);
}

/** Scales the steps of all stages alike, down only and not below ten, so that training takes at most `seconds`. A stage without steps stays so. */
export function fitBudget(config: DiffADConfig, { stages }: Costs, seconds: number): DiffADConfig {
  const pools = stages.reduce((sum, cost) => sum + poolSeconds(config, cost), 0);
  const steps = stages.reduce((sum, cost) => sum + stepSeconds(config, cost) * stepsOf(config, cost.stage), 0);
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
