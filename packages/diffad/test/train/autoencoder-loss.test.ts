import { concat, Rng, randn, scope, type Tensor, uniform, valueAndGrad } from '@diffad/tensor-core';
import { expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/resolve.ts';
import { autoencoderLoss } from '../../src/train/autoencoder-loss.ts';
import { Autoencoder } from '../../src/vae/autoencoder.ts';
import { relativeError } from '../relative-error.ts';

const config = resolveConfig({
  preset: 'paper',
  assignments: ['size=32', 'autoencoder={"channels":4,"multipliers":[1,2],"groups":2,"dropout":0}'],
});

test('a batch has the mean gradient of its halves: the paper’s two accumulated batches of 8 are one of 16', async () => {
  const rng = new Rng(4);
  const autoencoder = scope(() => new Autoencoder(config.autoencoder, rng));
  const parameters = autoencoder.namedParameters();
  const { weights } = config.training.vae;
  const halves = [0, 1].map(() => ({ x: uniform([2, 32, 32, 3], rng), noise: randn([2, 16, 16, 4], rng) }));
  const joined = {
    x: concat(
      halves.map(({ x }) => x),
      0,
    ),
    noise: concat(
      halves.map(({ noise }) => noise),
      0,
    ),
  };
  const gradients = async ({ x, noise }: { x: Tensor; noise: Tensor }): Promise<number[]> => {
    const { value, grads } = valueAndGrad(parameters, () => autoencoderLoss(autoencoder, x, noise, weights));
    const all = await Promise.all([value, ...Object.values(grads)].map((tensor) => tensor.read()));
    for (const tensor of [value, x, noise, ...Object.values(grads)]) tensor.dispose();
    return all.flatMap((data) => [...data]);
  };
  const whole = await gradients(joined);
  const [first, second] = [await gradients(halves[0] as typeof joined), await gradients(halves[1] as typeof joined)];
  const mean = first.map((value, i) => (value + (second[i] as number)) / 2);
  expect(relativeError(Float32Array.from(whole), Float32Array.from(mean))).toBeLessThan(1e-5);
  autoencoder.dispose();
});
