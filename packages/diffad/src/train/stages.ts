import { Rng } from '@diffad/tensor-core';
import type { DiffADConfig } from '../config/schema.ts';
import { Draem } from '../draem/draem.ts';
import type { Model } from '../model.ts';
import { AutoencoderStage } from './autoencoder-stage.ts';
import { DiffusionStage } from './diffusion-stage.ts';
import { DraemStage } from './draem-stage.ts';
import type { TrainingData } from './draw.ts';
import { SegmentStage } from './segment-stage.ts';
import type { Stage, StageName } from './stage.ts';

const names: readonly StageName[] = ['vae', 'diffusion', 'segment', 'draem'];

/** The stages of a method, in order. */
export const stagesOf = ({ method }: DiffADConfig): readonly StageName[] =>
  method === 'draem' ? ['draem'] : ['vae', 'diffusion', 'segment'];

/** A stage at its beginning. */
export function makeStage(name: StageName, model: Model, data: TrainingData, seed: number): Stage {
  const rng = new Rng(seed).fork(names.indexOf(name) + 16);
  if (model instanceof Draem) return new DraemStage(model, data, rng);
  if (name === 'vae') return new AutoencoderStage(model.autoencoder, model.config, data, rng);
  return name === 'diffusion' ? new DiffusionStage(model, data, rng) : new SegmentStage(model, data, rng);
}
