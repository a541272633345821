import type { DiffADConfig } from '@diffad/diffad';
import { conv2d } from '@diffad/tensor-core';
import type { Case } from '../case.ts';
import { autoencoderLevels, discriminatorLevels, type Level, unetLevels } from '../levels.ts';

/** The 3x3 convolutions: within every level, into the next one, after the skips, and the first and last of the autoencoder. */
export function convolutions(config: DiffADConfig, batch: number): Case[] {
  const levels = [...autoencoderLevels(config), ...unetLevels(config), ...discriminatorLevels(config)];
  const [finest] = levels as [Level];
  const ends = [
    convolution(batch, { ...finest, where: 'autoencoder first' }, 3, finest.channels),
    convolution(batch, { ...finest, where: 'autoencoder last' }, finest.channels, 3),
  ];
  return [...ends, ...levels.flatMap((level) => ofLevel(batch, level))];
}

function ofLevel(batch: number, level: Level): Case[] {
  const { channels, next, joined } = level;
  const cases = [convolution(batch, level, channels, channels)];
  if (joined !== undefined)
    cases.push(convolution(batch, { ...level, where: `${level.where}, joined` }, joined, channels));
  if (next !== undefined && joined === undefined)
    cases.push(convolution(batch, { ...level, where: `${level.where}, halved` }, channels, channels, 2));
  return cases;
}

const convolution = (batch: number, { where, side }: Level, from: number, to: number, stride = 1): Case => ({
  op: stride === 1 ? 'conv2d 3x3' : 'conv2d 3x3, stride 2',
  where,
  inputs: [[batch, side, side, from], [3, 3, from, to], [to]],
  run: (x, w, b) => conv2d(x, w, b, { padding: 1, stride }),
});
