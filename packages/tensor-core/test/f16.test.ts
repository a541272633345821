import { expect, test } from 'vitest';
import * as core from '../src/index.ts';
import {
  cast,
  mul,
  type NumericData,
  Rng,
  type Shape,
  scope,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  withDevice,
} from '../src/index.ts';
import { devices } from './devices.ts';
import { compare } from './laws.ts';

interface Case {
  readonly shapes: readonly Shape[];
  readonly op: (...inputs: Tensor[]) => Tensor;
}

const picture: Shape[] = [[2, 4, 6, 4]];
const of = (shapes: readonly Shape[], op: (...inputs: Tensor[]) => Tensor): Case => ({ shapes, op });
const one = (op: (x: Tensor) => Tensor): Case => of([[3, 5]], op as Case['op']);
const two = (op: (a: Tensor, b: Tensor) => Tensor): Case =>
  of(
    [
      [3, 1, 5],
      [4, 1],
    ],
    op as Case['op'],
  );
const rng = (): Rng => new Rng(5);

/** The running moments stay f32. */
const batchNorm = (x: Tensor, gamma: Tensor, beta: Tensor, training: boolean): Tensor =>
  core.batchNorm(x, gamma, beta, { mean: core.zeros([4]), variance: core.full([4], 2), training });

const cases: Record<string, Case> = {
  silu: one(core.silu),
  gelu: one(core.gelu),
  tanh: one(core.tanh),
  clamp: one((x) => core.clamp(x, -0.5, 0.5)),
  leakyRelu: one((x) => core.leakyRelu(x, 0.2)),
  add: two(core.add),
  mul: two(core.mul),
  maximum: two(core.maximum),
  where: two((a, b) => core.where(core.greater(a, 0), a, b)),
  sum: one((x) => sum(x, { axes: [0] })),
  mean: one(core.mean),
  max: one((x) => core.max(x, { axes: [1] })),
  variance: one((x) => core.variance(x, { axes: [1] })),
  softmax: one((x) => core.softmax(x, 1)),
  logSoftmax: one((x) => core.logSoftmax(x, 0)),
  permute: one((x) => core.permute(x, [1, 0])),
  slice: one((x) => core.slice(x, [1, 1], [3, 4])),
  pad: one((x) =>
    core.pad(
      x,
      [
        [1, 0],
        [0, 2],
      ],
      0.5,
    ),
  ),
  concat: one((x) => core.concat([x, x], 1)),
  gather: one((x) => core.gather(x, tensor([2, 0, 2], [3], 'i32'), 0)),
  dropout: one((x) => core.dropout(x, 0.4, rng())),
  reshape: one((x) => core.reshape(x, [5, 3])),
  maxPool2d: of(picture, (x) => core.maxPool2d(x as Tensor, { size: 2 })),
  avgPool2d: of(picture, (x) => core.avgPool2d(x as Tensor, { size: 2 })),
  upsampleNearest: of(picture, (x) => core.upsampleNearest(x as Tensor, 2)),
  layerNorm: of([[3, 8], [8], [8]], (x, g, b) => core.layerNorm(x as Tensor, g as Tensor, b as Tensor)),
  groupNorm: of([...picture, [4], [4]], (x, g, b) =>
    core.groupNorm(x as Tensor, g as Tensor, b as Tensor, { groups: 2 }),
  ),
  batchNorm: of([...picture, [4], [4]], (x, g, b) => batchNorm(x as Tensor, g as Tensor, b as Tensor, true)),
  'batchNorm with running moments': of([...picture, [4], [4]], (x, g, b) =>
    batchNorm(x as Tensor, g as Tensor, b as Tensor, false),
  ),
  attention: of(
    [
      [1, 5, 8],
      [1, 6, 8],
      [1, 6, 8],
    ],
    (q, k, v) => core.attention(q as Tensor, k as Tensor, v as Tensor, { heads: 2 }),
  ),
};

/** Products and convolutions have such a test beside their other laws. f16 has 11 bits; sums are f32, so an output or a gradient is rounded a few times on its way, never once per term. */
const TOLERANCE = 4e-3;

for (const [name, { shapes, op }] of Object.entries(cases))
  test(`${name} in f16 is itself in f32, rounded`, async () => {
    for (const [variant, device] of Object.entries(await devices())) {
      if (!device.info.features.f16) {
        expect(() => withDevice(device, () => tensor([1], [1], 'f16'))).toThrow('has no shader-f16; use f32');
        continue;
      }
      const half = await read(withDevice(device, () => run(shapes, op, 'f16')));
      const single = await read(withDevice(device, () => run(shapes, op, 'f32')));
      for (const [what, values] of half) compare(`${variant} ${what}`, values, single.get(what) ?? [], TOLERANCE);
    }
  });

/** Sums near 240,000, a square near 10^6 and, along the first and last axis, parts of a sum that cancel, none of which f16 holds. */
const beyond: Record<string, (x: Tensor) => Tensor> = {
  mean: (x) => core.mean(x),
  'mean along apart axes': (x) => core.mean(x, { axes: [0, 2] }),
  'mean of nothing but itself': (x) => core.mean(x, { axes: [1] }),
  variance: (x) => core.variance(x),
  'variance along apart axes': (x) => core.variance(x, { axes: [0, 2] }),
  'sum along apart axes': (x) => sum(x, { axes: [0, 2] }),
};

for (const [name, op] of Object.entries(beyond))
  test(`${name} in f16 leaves its range only where the result does`, async () => {
    const draws = rng().normals(2 * 40 * 30);
    const values = draws.map((z, i) => (i === 7 ? 1400 : Math.round(200 + 50 * z)) * (i < draws.length / 2 ? 1 : -1));
    for (const [variant, device] of Object.entries(await devices())) {
      if (!device.info.features.f16) continue;
      const results = (dtype: 'f16' | 'f32') =>
        withDevice(device, () =>
          scope(() => {
            const x = tensor(values, [2, 1, 40 * 30], dtype);
            const y = op(x);
            const upstream = mul(core.randn(y.shape, rng()), 1000);
            const { value, grads } = valueAndGrad([x], () => sum(mul(cast(op(x), 'f32'), upstream)));
            return new Map([
              ['output', y],
              ['loss', value],
              ['gradient', grads[0] as Tensor],
            ]);
          }),
        );
      const [half, single] = [await read(results('f16')), await read(results('f32'))];
      for (const [what, found] of half) compare(`${variant} ${what}`, found, single.get(what) ?? [], TOLERANCE);
    }
  });

test('70,000 equal maxima share a gradient in f16, which cannot count them', async () => {
  for (const [variant, device] of Object.entries(await devices())) {
    if (!device.info.features.f16) continue;
    const { value, grads } = withDevice(device, () => {
      using x = core.zeros([70_000], 'f16');
      return valueAndGrad([x], () => mul(core.max(x), 1000));
    });
    const found = await grads[0].read();
    compare(`${variant} gradient`, found, new Float32Array(70_000).fill(1000 / 70_000), 1e-5);
    for (const t of [value, ...grads]) t.dispose();
  }
});

/** Output and gradients from the same inputs, which f16 holds exactly, under the same upstream gradient. */
function run(shapes: readonly Shape[], op: Case['op'], dtype: 'f16' | 'f32'): Map<string, Tensor> {
  return scope(() => {
    const draw = rng();
    const inputs = shapes.map((shape) => cast(cast(core.randn(shape, draw), 'f16'), dtype));
    const output = op(...inputs);
    expect(output.dtype).toBe(dtype);
    const { value, grads } = valueAndGrad(inputs, () =>
      sum(mul(cast(op(...inputs), 'f32'), core.randn(output.shape, new Rng(9)))),
    );
    return new Map([
      ['output', output],
      ['loss', value],
      ...grads.map((g, i): [string, Tensor] => [`gradient ${i}`, g]),
    ]);
  });
}

async function read(tensors: Map<string, Tensor>): Promise<Map<string, NumericData>> {
  const values = new Map<string, NumericData>();
  for (const [what, t] of tensors) values.set(what, await t.read());
  for (const t of tensors.values()) t.dispose();
  return values;
}
