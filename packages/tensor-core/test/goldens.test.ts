import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import type { NumericData, Tensor } from '../src/index.ts';
import * as core from '../src/index.ts';
import { devices } from './devices.ts';
import { compare } from './laws.ts';

/** Numbers; NaN and the infinities are strings. */
interface GoldenArray {
  readonly shape: readonly number[];
  readonly dtype: 'f32' | 'i32';
  readonly data: readonly (number | string)[];
}

/** One answer of PyTorch, written by fixtures/make_ops.py. */
interface Golden {
  readonly name: string;
  readonly op: string;
  readonly options: object;
  readonly inputs: readonly GoldenArray[];
  readonly output: GoldenArray;
  readonly upstream: GoldenArray | null;
  readonly gradients: readonly (GoldenArray | null)[];
}

type Op = (options: never) => (...inputs: Tensor[]) => Tensor;
interface Axes {
  readonly axes: readonly number[];
}
interface Axis {
  readonly axis: number;
}

const { abs, add, cos, div, equal, exp, gelu, greater, less, log, maximum, mean, minimum, mul, neg, pow, relu, rsqrt } =
  core;
const { scope, sigmoid, silu, sin, softplus, sqrt, square, sub, sum, tanh, tensor, valueAndGrad, withDevice } = core;
const pairs = { add, mul, div, pow, maximum, minimum, greater, less, equal };
const maps = { neg, abs, square, tanh, sigmoid, silu, relu, gelu, softplus, log, sqrt, rsqrt, exp, sin, cos };

const ops: Record<string, Op> = {
  ...Object.fromEntries(
    Object.entries(pairs).map(([name, op]): [string, Op] => [name, () => (a: Tensor, b: Tensor) => op(a, b)]),
  ),
  ...Object.fromEntries(Object.entries(maps).map(([name, op]): [string, Op] => [name, () => (x: Tensor) => op(x)])),
  leakyRelu:
    ({ parameters: [slope] }: { parameters: [number] }) =>
    (x: Tensor) =>
      core.leakyRelu(x, slope),
  clamp:
    ({ parameters: [lo, hi] }: { parameters: [number, number] }) =>
    (x: Tensor) =>
      core.clamp(x, lo, hi),
  conv2d: (options: core.Conv2dOptions) => (x: Tensor, w: Tensor, b: Tensor) => core.conv2d(x, w, b, options),
  convTranspose2d: (options: core.ConvTranspose2dOptions) => (x: Tensor, w: Tensor, b: Tensor) =>
    core.convTranspose2d(x, w, b, options),
  linear: () => (x: Tensor, w: Tensor, b: Tensor) => core.linear(x, w, b),
  matmul: (options: core.MatmulOptions) => (a: Tensor, b: Tensor) => core.matmul(a, b, options),
  attention: (options: core.AttentionOptions) => (q: Tensor, k: Tensor, v: Tensor) => core.attention(q, k, v, options),
  groupNorm: (options: core.GroupNormOptions) => (x: Tensor, gamma: Tensor, beta: Tensor) =>
    core.groupNorm(x, gamma, beta, options),
  layerNorm: (options: { eps: number }) => (x: Tensor, gamma: Tensor, beta: Tensor) =>
    core.layerNorm(x, gamma, beta, options),
  batchNorm:
    (options: { training: boolean }) =>
    (x: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, variance: Tensor): Tensor =>
      core.batchNorm(x, gamma, beta, { ...options, mean, variance }),
  batchNormUpdate: () => (x: Tensor, mean: Tensor, variance: Tensor) => {
    const [gamma, beta] = [core.ones(mean.shape), core.zeros(mean.shape)];
    core.batchNorm(x, gamma, beta, { mean, variance, momentum: 0.3, training: true });
    return core.concat([mean, variance], 0);
  },
  maxPool2d: (options: core.Pool2dOptions) => (x: Tensor) => core.maxPool2d(x, options),
  avgPool2d: (options: core.AvgPool2dOptions) => (x: Tensor) => core.avgPool2d(x, options),
  upsampleNearest:
    ({ factor }: { factor: number }) =>
    (x: Tensor) =>
      core.upsampleNearest(x, factor),
  upsampleBilinear:
    ({ size, alignCorners }: { size: [number, number]; alignCorners: boolean }) =>
    (x: Tensor) =>
      core.upsampleBilinear(x, size, { alignCorners }),
  softmax:
    ({ axis }: Axis) =>
    (x: Tensor) =>
      core.softmax(x, axis),
  logSoftmax:
    ({ axis }: Axis) =>
    (x: Tensor) =>
      core.logSoftmax(x, axis),
  argmax:
    ({ axis }: Axis) =>
    (x: Tensor) =>
      core.argmax(x, axis),
  variance: (options: Axes) => (x: Tensor) => core.variance(x, options),
  max: (options: Axes) => (x: Tensor) => core.max(x, options),
  min: (options: Axes) => (x: Tensor) => core.min(x, options),
  sum: (options: Axes) => (x: Tensor) => sum(x, options),
  embedding: () => (indices: Tensor, table: Tensor) => core.embedding(indices, table),
  mse: () => (a: Tensor, b: Tensor) => mean(square(sub(a, b))),
  l1: () => (a: Tensor, b: Tensor) => mean(abs(sub(a, b))),
  focal: () => (p: Tensor) => neg(mean(mul(square(sub(1, p)), log(p)))),
  crossEntropy: () => (logits: Tensor, classes: Tensor) => {
    const picked = mul(core.logSoftmax(logits, 1), core.oneHot(classes, logits.shape[1] as number));
    return neg(mean(sum(picked, { axes: [1] })));
  },
  binaryCrossEntropy: () => (logits: Tensor, labels: Tensor) => mean(sub(softplus(logits), mul(logits, labels))),
  gaussianKl: () => (m: Tensor, logVariance: Tensor) =>
    mul(0.5, mean(sub(add(square(m), exp(logVariance)), add(logVariance, 1)))),
};

const file = new URL('../../../fixtures/data/ops.json', import.meta.url);
const goldens = JSON.parse(readFileSync(file, 'utf8')) as Golden[];
const numbers = (array: GoldenArray): number[] => array.data.map(Number);
const load = (array: GoldenArray): Tensor => tensor(numbers(array), array.shape, array.dtype);

/**
 * Sums of some dozens of products and a few roundings in a row. But next to 200 floats are 1.5e-5 apart: a mean off by one of
 * these moves every value normalised by a deviation of 0.05 by 3e-4, before gamma (PyTorch's own float32 errs by more than 1).
 */
const toleranceOf = (name: string): number => (name.includes('mean 200') ? 1e-3 : 1e-5);

for (const golden of goldens)
  test(golden.name, async () => {
    const tolerance = toleranceOf(golden.name);
    const expected = golden.gradients.filter((array) => array !== null);
    for (const [variant, device] of Object.entries(await devices())) {
      const { output, gradients } = await answer(golden, device);
      compare(`${variant} output`, output, numbers(golden.output), tolerance);
      for (const [i, gradient] of gradients.entries())
        compare(`${variant} gradient ${i}`, gradient, numbers(expected[i] as GoldenArray), tolerance);
    }
  });

async function answer(golden: Golden, device: core.Device): Promise<{ output: NumericData; gradients: NumericData[] }> {
  const op = (ops[golden.op] as Op)(golden.options as never);
  using y = withDevice(device, () => scope(() => op(...golden.inputs.map(load))));
  const grads = withDevice(device, () => gradientsOf(op, golden));
  const gradients = await Promise.all(grads.map((grad) => grad.read()));
  for (const grad of grads) grad.dispose();
  return { output: await y.read(), gradients };
}

function gradientsOf(op: (...inputs: Tensor[]) => Tensor, { inputs, upstream, gradients }: Golden): Tensor[] {
  if (!upstream) return [];
  return scope(() => {
    const tensors = inputs.map(load);
    const leaves = tensors.filter((_, i) => gradients[i] !== null);
    return valueAndGrad(leaves, () => sum(mul(op(...tensors), load(upstream)))).grads;
  });
}
