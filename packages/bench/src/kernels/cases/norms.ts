import type { DiffADConfig } from '@diffad/diffad';
import { batchNorm, groupNorm, ones, softmax, zeros } from '@diffad/tensor-core';
import type { Case } from '../case.ts';
import { autoencoderLevels, discriminatorLevels, type Level, unetLevels } from '../levels.ts';

/** Group norm with SiLU at every level of both generators, batch norm in the discriminator, and softmax over long rows. */
export function norms(config: DiffADConfig, batch: number): Case[] {
  const { autoencoder, unet } = config;
  return [
    ...autoencoderLevels(config).map((level) => groups(batch, level, autoencoder.groups)),
    ...unetLevels(config).map((level) => groups(batch, level, unet.groups)),
    ...discriminatorLevels(config).map((level) => batches(batch, level)),
    { op: 'softmax', where: 'rows of 1024', inputs: [[1024, 1024]], run: (x) => softmax(x, -1) },
  ];
}

const shapes = (batch: number, { side, channels }: Level): Case['inputs'] => [
  [batch, side, side, channels],
  [channels],
  [channels],
];

const groups = (batch: number, level: Level, count: number): Case => ({
  op: 'groupNorm + SiLU',
  where: level.where,
  inputs: shapes(batch, level),
  run: (x, gamma, beta) => groupNorm(x, gamma, beta, { groups: count, activation: 'silu' }),
});

const batches = (batch: number, level: Level): Case => ({
  op: 'batchNorm',
  where: level.where,
  inputs: shapes(batch, level),
  run: (x, gamma, beta) => {
    const running = { mean: zeros([level.channels]), variance: ones([level.channels]) };
    return batchNorm(x, gamma, beta, { ...running, training: true });
  },
});
