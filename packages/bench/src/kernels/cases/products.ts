import type { DiffADConfig } from '@diffad/diffad';
import { attention, linear, matmul } from '@diffad/tensor-core';
import type { Case } from '../case.ts';
import { unetLevels } from '../levels.ts';

/** Attention and its projections at every level of the UNet, the time embedding, and a square product. */
export function products(config: DiffADConfig, batch: number): Case[] {
  const { unet } = config;
  const attended = unetLevels(config).filter((_, level) => unet.attentionAt.includes(2 ** level));
  return [
    {
      op: 'matmul',
      where: '512 cubed',
      inputs: [
        [512, 512],
        [512, 512],
      ],
      run: (a, b) => matmul(a, b),
    },
    projection('unet time embedding', [batch], unet.channels, 4 * unet.channels),
    ...attended.flatMap(({ where, side, channels }) => [
      projection(`${where}, q k v`, [batch, side * side], channels, 3 * channels),
      selfAttention(where, batch, side * side, channels, channels / unet.headChannels),
    ]),
  ];
}

const projection = (where: string, rows: readonly number[], from: number, to: number): Case => ({
  op: 'linear',
  where,
  inputs: [[...rows, from], [from, to], [to]],
  run: linear,
});

function selfAttention(where: string, batch: number, tokens: number, channels: number, heads: number): Case {
  const shape = [batch, tokens, channels];
  return {
    op: `attention, ${heads} heads`,
    where,
    inputs: [shape, shape, shape],
    run: (q, k, v) => attention(q, k, v, { heads }),
  };
}
