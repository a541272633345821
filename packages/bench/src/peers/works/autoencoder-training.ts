import { autoencoderLoss, type DiffADConfig } from '@diffad/diffad';
import type { Rng } from '@diffad/tensor-core';
import { autoencoder } from '../networks/autoencoder.ts';
import type { Host, Ops, Work } from '../work.ts';
import { beginning, normals, uniforms } from './hosts.ts';
import { own } from './own.ts';

type Weights = DiffADConfig['training']['vae']['weights'];

export const autoencoderTrainingName = ({ preset }: DiffADConfig, batch: number): string =>
  `${preset} autoencoder, training step of ${batch}`;

/** One step of stage 1 of presets without the SSIM term: copy, loss, gradients, clipping, Adam. */
export function autoencoderTraining(
  config: DiffADConfig,
  state: Readonly<Record<string, Host>>,
  batch: number,
  rng: Rng,
): Work {
  const { size, autoencoder: sizes } = config;
  const { learningRate, betas, clip, weights } = config.training.vae;
  if (weights.ssim > 0) throw new RangeError('peers: the SSIM loss is not written for the peers; use tiny');
  const side = size / 2 ** (sizes.multipliers.length - 1);
  const inputs = {
    x: uniforms(rng, [batch, size, size, 3]),
    noise: normals(rng, [batch, side, side, sizes.latentChannels], 'pictures'),
  };
  const perPixel = (side ** 2 * sizes.latentChannels) / (size ** 2 * 3);
  const parameters = beginning(state, 'vae.');
  return {
    name: autoencoderTrainingName(config, batch),
    kind: 'train',
    parameters,
    inputs,
    result: { role: 'plain', shape: [] },
    tolerance: 1e-3,
    training: { learningRate, betas, weightDecay: 0, clip },
    compute: (ops, get) => {
      const { encode, decode } = autoencoder(ops, get, sizes, 'vae.');
      const { mean, logVariance } = encode(get('x'));
      const y = decode(ops.add(mean, ops.mul(ops.exp(ops.scale(logVariance, 0.5)), get('noise'))));
      return ops.add(kl(ops, mean, logVariance, weights.kl * perPixel), copyLoss(ops, get('x'), y, weights));
    },
    own: () =>
      own(config, parameters, inputs, 'vae.', ({ autoencoder }, get) =>
        autoencoderLoss(autoencoder, get('x'), get('noise'), weights),
      ),
  };
}

/** Half the mean of mu^2 + sigma^2 - 1 - log sigma^2. */
const kl = <T>(ops: Ops<T>, mean: T, logVariance: T, weight: number): T => {
  const terms = ops.sub(ops.add(ops.square(mean), ops.exp(logVariance)), ops.shift(logVariance, 1));
  return ops.scale(ops.mean(terms), weight / 2);
};

function copyLoss<T>(ops: Ops<T>, x: T, y: T, weights: Weights): T {
  const error = ops.sub(x, y);
  const meanAbs = (e: T): T => ops.mean(ops.abs(e));
  const slopes = ops.add(meanAbs(ops.differences(error, 'rows')), meanAbs(ops.differences(error, 'columns')));
  const squares = ops.scale(ops.mean(ops.square(error)), weights.l2);
  return ops.add(ops.add(ops.scale(meanAbs(error), weights.l1), squares), ops.scale(slopes, weights.gradient));
}
