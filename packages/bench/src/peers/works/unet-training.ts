import type { DiffADConfig } from '@diffad/diffad';
import { mse, timestepEmbedding } from '@diffad/nn';
import type { Rng } from '@diffad/tensor-core';
import { unet } from '../networks/unet.ts';
import type { Host, Work } from '../work.ts';
import { beginning, hostOf, normals } from './hosts.ts';
import { own } from './own.ts';

export const unetTrainingName = ({ preset }: DiffADConfig, batch: number): string =>
  `${preset} UNet, training step of ${batch}`;

/** One step of stage 2 from noisy latents on: prediction, loss, gradients, AdamW. */
export async function unetTraining(
  config: DiffADConfig,
  state: Readonly<Record<string, Host>>,
  batch: number,
  rng: Rng,
): Promise<Work> {
  const { learningRate, weightDecay } = config.training.diffusion;
  const side = config.size / 2 ** (config.autoencoder.multipliers.length - 1);
  const channels = config.autoencoder.latentChannels;
  const times = Array.from({ length: batch }, () => rng.int(0, config.diffusion.steps));
  using sinusoids = timestepEmbedding(times, config.unet.channels);
  const inputs = {
    x: normals(rng, [batch, side, side, 2 * channels], 'pictures'),
    expected: normals(rng, [batch, side, side, channels], 'pictures'),
    sinusoids: await hostOf(sinusoids),
  };
  const parameters = beginning(state, 'unet.');
  return {
    name: unetTrainingName(config, batch),
    kind: 'train',
    parameters,
    inputs,
    result: { role: 'plain', shape: [] },
    tolerance: 1e-3,
    training: { learningRate, betas: [0.9, 0.999], weightDecay, clip: null },
    compute: (ops, get) => {
      const y = unet(ops, get, config.unet, 'unet.')(get('x'), side, get('sinusoids'));
      return ops.mean(ops.square(ops.sub(y, get('expected'))));
    },
    own: () =>
      own(config, parameters, inputs, 'unet.', (model, get) => mse(model.unet.call(get('x'), times), get('expected'))),
  };
}
