import {
  abs,
  add,
  attention,
  batchNorm,
  clamp,
  concat,
  conv2d,
  exp,
  groupNorm,
  linear,
  matmul,
  maxPool2d,
  mean,
  mul,
  relu,
  reshape,
  silu,
  slice,
  softmax,
  split,
  square,
  sub,
  sum,
  type Tensor,
  upsampleBilinear,
  upsampleNearest,
} from '@diffad/tensor-core';
import type { Ops } from '../ops.ts';

const shapeOf = ({ shape }: Tensor) => shape as readonly [number, number, number, number];

/** tensor-core's own. */
export const diffadOps: Ops<Tensor> = {
  add,
  sub,
  mul,
  scale: mul,
  shift: add,
  exp,
  abs,
  square,
  clamp,
  silu,
  relu,
  sum: (x) => sum(x),
  mean: (x) => mean(x),
  matmul: (a, b) => matmul(a, b),
  softmax: (x) => softmax(x, -1),
  linear,
  attention: (q, k, v, heads) => attention(q, k, v, { heads }),
  unpackHeads(packed, heads) {
    const [pictures = 1, tokens = 1, channels = 1] = packed.shape;
    const apart = reshape(packed, [pictures, tokens, heads, 3, channels / heads / 3]);
    const parts = split(apart, [1, 1, 1], 3).map((x) => reshape(x, [pictures, tokens, channels / 3]));
    return parts as [Tensor, Tensor, Tensor];
  },
  conv2d,
  pointwise: linear,
  addVector: (x, vector) => add(x, reshape(vector, [vector.shape[0] as number, 1, 1, vector.shape[1] as number])),
  groupNorm: (x, gamma, beta, groups, eps) => groupNorm(x, gamma, beta, { groups, eps }),
  batchNorm: (x, { weight, bias, ...moments }) => batchNorm(x, weight, bias, { ...moments, training: false }),
  concat: (parts) => concat(parts, 3),
  split: (x, channels) => split(x, channels, 3),
  stack: (parts) => concat(parts, 0),
  halves: (x) => split(x, [shapeOf(x)[0] / 2, shapeOf(x)[0] / 2], 0) as [Tensor, Tensor],
  upsampleNearest: (x) => upsampleNearest(x, 2),
  upsampleBilinear: (x) => upsampleBilinear(x, [2 * shapeOf(x)[1], 2 * shapeOf(x)[2]], { alignCorners: true }),
  maxPool: (x) => maxPool2d(x, { size: 2 }),
  differences(x, along) {
    const axis = along === 'rows' ? 1 : 2;
    const begins = x.shape.map(() => 0);
    const after = slice(x, begins.with(axis, 1), [...x.shape]);
    return sub(after, slice(x, begins, x.shape.with(axis, (x.shape[axis] as number) - 1)));
  },
  tokens: (x) => reshape(x, [shapeOf(x)[0], shapeOf(x)[1] * shapeOf(x)[2], shapeOf(x)[3]]),
  pictures: (tokens, height, width) =>
    reshape(tokens, [tokens.shape[0] as number, height, width, tokens.shape[2] as number]),
};
