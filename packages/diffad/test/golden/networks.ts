import { focal, gaussianKl, l1, mse, ssim } from '@diffad/nn';
import { add, concat, exp, mul, Rng, scope, sub, type Tensor } from '@diffad/tensor-core';
import { DraemAutoencoder } from '../../src/draem/draem-autoencoder.ts';
import { Discriminator } from '../../src/segment/discriminator.ts';
import { UNet } from '../../src/unet/unet.ts';
import { Autoencoder } from '../../src/vae/autoencoder.ts';
import { adam, adamW, type Golden } from './golden.ts';

const built =
  <M>(make: (rng: Rng) => M) =>
  (): M =>
    scope(() => make(new Rng(0)));

interface Sizes {
  readonly channels: number;
  readonly groups: number;
  readonly attentionAt: readonly number[];
  readonly headChannels: number;
}

/** One residual block a level, two levels. */
export const vae = ({ channels, groups }: Pick<Sizes, 'channels' | 'groups'>): Golden<Autoencoder> => ({
  prefix: 'vae',
  make: built(
    (rng) =>
      new Autoencoder(
        { channels, multipliers: [1, 2], blocks: 1, latentChannels: 4, groups, attention: true, dropout: 0 },
        rng,
      ),
  ),
  loss(network, { x, noise }, fixed) {
    const { mean, logVariance } = network.encode(x as Tensor);
    const output = network.decode(add(mean, mul(exp(mul(logVariance, 0.5)), noise as Tensor)));
    return { output, loss: add(l1(output, fixed.x as Tensor), mul(gaussianKl(mean, logVariance), 1e-3)) };
  },
  optimizer: adam(7.2e-5, [0.5, 0.9]),
});

export const unet = ({ channels, groups, attentionAt, headChannels }: Sizes): Golden<UNet> => ({
  prefix: 'unet',
  make: built(
    (rng) =>
      new UNet(8, 4, { channels, multipliers: [1, 2], blocks: 1, attentionAt, headChannels, groups, dropout: 0 }, rng),
  ),
  loss(network, { z, condition, noise }) {
    const output = network.call(concat([z as Tensor, condition as Tensor], 3), [7, 801]);
    return { output, loss: mse(output, noise as Tensor) };
  },
  optimizer: adamW,
});

export const seg = (width: number, rate: number): Golden<Discriminator> => ({
  prefix: 'seg',
  make: built((rng) => new Discriminator(9, { width, depth: 6 }, rng)),
  loss(network, { x, mask }) {
    const output = network.call(x as Tensor);
    return { output, loss: focal(output, mask as Tensor) };
  },
  optimizer: adam(rate),
});

export const rec = (width: number): Golden<DraemAutoencoder> => ({
  prefix: 'rec',
  make: built((rng) => new DraemAutoencoder(width, rng)),
  loss(network, { x, clean }) {
    const output = network.call(x as Tensor);
    return { output, loss: add(mse(output, clean as Tensor), sub(1, ssim(output, clean as Tensor))) };
  },
  optimizer: adam(1e-4),
});
