import type { DiffADConfig } from '@diffad/diffad';
import {
  add,
  concat,
  maxPool2d,
  mul,
  type Shape,
  silu,
  sum,
  type Tensor,
  upsampleBilinear,
  upsampleNearest,
} from '@diffad/tensor-core';
import type { Case } from '../case.ts';
import { autoencoderLevels } from '../levels.ts';

/** What only moves or maps numbers, at the autoencoder's finest level. */
export function maps(config: DiffADConfig, batch: number): Case[] {
  const [finest] = autoencoderLevels(config);
  if (!finest) return [];
  const { side, channels, where } = finest;
  const full = [batch, side, side, channels];
  const half = [batch, side / 2, side / 2, channels];
  const one = (op: string, shape: Shape, run: (x: Tensor) => Tensor): Case => ({
    op,
    where,
    inputs: [shape],
    run,
  });
  const two = (op: string, other: Shape, run: (a: Tensor, b: Tensor) => Tensor): Case => ({
    op,
    where,
    inputs: [full, other],
    run,
  });
  return [
    one('silu', full, silu),
    two('add', full, add),
    two('mul, broadcast', [channels], mul),
    two('concat', full, (a, b) => concat([a, b], 3)),
    one('sum of channels', full, (x) => sum(x, { axes: [0, 1, 2] })),
    one('maxPool2d', full, (x) => maxPool2d(x, { size: 2 })),
    one('upsampleNearest', half, (x) => upsampleNearest(x, 2)),
    one('upsampleBilinear', half, (x) => upsampleBilinear(x, [side, side], { alignCorners: false })),
  ];
}
