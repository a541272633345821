import { DiffAD, type DiffADConfig } from '@diffad/diffad';
import { Rng } from '@diffad/tensor-core';
import type { Work } from '../work.ts';
import { autoencoderTraining } from './autoencoder-training.ts';
import { stateOf } from './hosts.ts';
import { inspection } from './inspection.ts';
import { unetTraining } from './unet-training.ts';

export interface Batches {
  readonly unet: number;
  readonly autoencoder: number;
  readonly inspection: number;
}

/** Training steps of the autoencoder and the UNet, and the whole inspection, with weights of one seed, on the current device. */
export async function modelWorks(config: DiffADConfig, batches?: Batches): Promise<Work[]> {
  const { diffusion, vae } = config.training;
  const {
    unet,
    autoencoder,
    inspection: pictures,
  } = batches ?? {
    unet: diffusion.batch,
    autoencoder: vae.batch,
    inspection: 8,
  };
  const rng = new Rng(1);
  const model = DiffAD.create(config);
  const state = await stateOf(model, rng);
  model.dispose();
  return [
    await unetTraining(config, state, unet, rng),
    autoencoderTraining(config, state, autoencoder, rng),
    await inspection(config, state, pictures, rng),
  ];
}
