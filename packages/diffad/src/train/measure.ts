import { currentDevice } from '@diffad/tensor-core';
import type { DiffADConfig } from '../config/schema.ts';
import { createModel } from '../model.ts';
import type { TrainingData } from './draw.ts';
import type { Stage, StageName } from './stage.ts';
import { makeStage, stagesOf } from './stages.ts';

/** What a stage costs on this device, in seconds. */
export interface StageCost {
  readonly stage: StageName;
  /** Of a step whose items are encoded or redrawn already. */
  readonly perStep: number;
  /** To encode or redraw one item: of the pool before the first step, without one in every step. */
  readonly perItem: number;
}

export interface Costs {
  readonly stages: readonly StageCost[];
  /** Bytes of tensors at the peak of the dearest stage. */
  readonly peakBytes: number;
}

const ITEMS = 32;
const STEPS = 2;

/** Times a few steps of every stage with networks that are thrown away. Pipelines made here serve training too. */
export async function measureStages(config: DiffADConfig, data: TrainingData): Promise<Costs> {
  const model = createModel(config);
  const small = { ...data, pool: ITEMS };
  const stages: StageCost[] = [];
  try {
    for (const name of stagesOf(config)) {
      await trial(makeStage(name, model, small, 0));
      stages.push({ stage: name, ...(await trial(makeStage(name, model, small, 0))) });
    }
  } finally {
    model.dispose();
  }
  return { stages, peakBytes: currentDevice().memory().peakBytes };
}

async function trial(stage: Stage): Promise<Omit<StageCost, 'stage'>> {
  const preparing = await seconds(() => stage.prepare(0, () => undefined));
  await seconds(async () => (await stage.step(0)).dispose());
  const steps = await seconds(async () => {
    for (let step = 1; step <= STEPS; step++) (await stage.step(step)).dispose();
  });
  stage.finish();
  return { perStep: steps / STEPS, perItem: preparing / ITEMS };
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  await currentDevice().sync();
  return (performance.now() - started) / 1000;
}
