import { DiffAD, type DiffADConfig } from '@diffad/diffad';
import { Rng } from '@diffad/tensor-core';
import type { Work } from '../work.ts';
import { autoencoderTraining, autoencoderTrainingName } from './autoencoder-training.ts';
import { stateOf } from './hosts.ts';
import { inspection, inspectionName } from './inspection.ts';
import { unetTraining, unetTrainingName } from './unet-training.ts';

export interface Batches {
  readonly unet: number;
  readonly autoencoder: number;
  readonly inspection: number;
}

const batchesOf = ({ training }: DiffADConfig): Batches => ({
  unet: training.diffusion.batch,
  autoencoder: training.vae.batch,
  inspection: 8,
});

/** What `modelWorks` are called, known without making them. */
export const modelWorkNames = (config: DiffADConfig, batches = batchesOf(config)): string[] => [
  unetTrainingName(config, batches.unet),
  autoencoderTrainingName(config, batches.autoencoder),
  inspectionName(config, batches.inspection),
];

/** Training steps of the autoencoder and the UNet, and the whole inspection, with weights of one seed, on the current device. */
export async function modelWorks(config: DiffADConfig, batches = batchesOf(config)): Promise<Work[]> {
  const rng = new Rng(1);
  const model = DiffAD.create(config);
  const state = await stateOf(model, rng);
  model.dispose();
  return [
    await unetTraining(config, state, batches.unet, rng),
    autoencoderTraining(config, state, batches.autoencoder, rng),
    await inspection(config, state, batches.inspection, rng),
  ];
}
