import { expect, test } from 'vitest';
import { parameterBytes } from '../../src/config/estimate.ts';
import {
  autoencoderParameters,
  discriminatorParameters,
  draemParameters,
  parameterCounts,
  unetParameters,
} from '../../src/config/parameter-counts.ts';
import { presets } from '../../src/config/presets.ts';
import type { DiffADConfig } from '../../src/config/schema.ts';
import { withVariant } from '../../src/config/variants.ts';

const paper = presets.paper as DiffADConfig;

test('the paper preset has the published counts', () => {
  expect(parameterCounts(paper)).toEqual({ 'vae.': 83_653_863, 'unet.': 257_742_340, 'seg.': 28_375_874 });
  expect(draemParameters(paper.draem.width)).toBe(69_048_579);
});

test('variants change the first convolutions only', () => {
  const without = parameterCounts(withVariant(paper, 'wo-inter'));
  expect(without['seg.']).toBe(28_374_146);
  const dir = parameterCounts(withVariant(paper, 'dir'));
  expect(dir['unet.']).toBe(257_742_340 - 9 * 4 * 256);
  expect(parameterCounts({ ...paper, method: 'draem' })).toEqual({ 'rec.': 69_048_579, 'seg.': 28_374_146 });
});

test('kl-f4 has 55.3 million', () => {
  expect(autoencoderParameters({ ...paper.autoencoder, multipliers: [1, 2, 4], latentChannels: 3 })).toBe(
    55_312_009 + 54, // the specification counts without the two 1x1 convolutions around the latents
  );
});

test('thin networks of the specification', () => {
  const vae = { ...paper.autoencoder, channels: 32, multipliers: [1, 2, 2], blocks: 1 };
  const unet = { ...paper.unet, channels: 32, multipliers: [1, 2, 4], attentionAt: [2, 4] };
  expect(autoencoderParameters(vae) / 1e6).toBeCloseTo(0.95, 1);
  expect(unetParameters(8, 4, unet) / 1e6).toBeCloseTo(4.03, 1);
  expect(discriminatorParameters(9, { width: 32, depth: 6 }) / 1e6).toBeCloseTo(7.1, 1);
});

test('training keeps gradient, moments and average of the largest network beside all weights', () => {
  const { 'vae.': vae = 0, 'unet.': unet = 0, 'seg.': seg = 0 } = parameterCounts(paper);
  expect(parameterBytes(paper)).toBe(4 * (vae + 5 * unet + seg));
});
