import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  logSoftmax,
  max,
  mean,
  min,
  type ReduceOptions,
  scope,
  softmax,
  sum,
  type Tensor,
  tensor,
  variance,
  withDevice,
} from '../src/index.ts';
import { normalizeAxes, stridesOf } from '../src/shape.ts';
import { devices } from './devices.ts';
import { checkLaws, laws, type NdArray, nd } from './laws.ts';

/** Folds the numbers of every cell of the result, in float64. */
function reference(fold: (values: number[]) => number, { axes, keepDims }: ReduceOptions): (x: NdArray) => NdArray {
  return (x) => {
    const reduced = normalizeAxes('reference', axes, x.shape);
    const kept = x.shape.map((extent, axis) => (reduced.includes(axis) ? 1 : extent));
    const [from, to] = [stridesOf(x.shape), stridesOf(kept)];
    const cells = new Map<number, number[]>();
    x.data.forEach((value, i) => {
      let cell = 0;
      x.shape.forEach((extent, axis) => {
        if (!reduced.includes(axis)) cell += (Math.floor(i / (from[axis] as number)) % extent) * (to[axis] as number);
      });
      cells.set(cell, [...(cells.get(cell) ?? []), value]);
    });
    const data = [...cells.keys()].sort((a, b) => a - b).map((cell) => fold(cells.get(cell) as number[]));
    return nd(keepDims ? kept : x.shape.filter((_, axis) => !reduced.includes(axis)), data);
  };
}

const total = (values: number[]): number => values.reduce((a, b) => a + b, 0);
const average = (values: number[]): number => total(values) / values.length;
const folds = {
  sum: { op: sum, fold: total },
  mean: { op: mean, fold: average },
  max: { op: max, fold: (values: number[]) => Math.max(...values) },
  min: { op: min, fold: (values: number[]) => Math.min(...values) },
  variance: { op: variance, fold: (values: number[]) => average(values.map((v) => (v - average(values)) ** 2)) },
};

for (const [name, { op, fold }] of Object.entries(folds)) {
  test(`${name} over any axes of any shape`, async () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(shapes, fc.nat(15), fc.boolean(), fc.boolean(), async (shape, mask, keepDims, all) => {
        const axes = shape.flatMap((_, axis) => (mask & (1 << axis) ? [axis - (mask % 2 ? shape.length : 0)] : []));
        const options = { ...(all ? {} : { axes }), keepDims };
        await checkLaws({
          inputs: [shape],
          op: (x) => op(x as Tensor, options),
          reference: reference(fold, options),
          tolerance: 1e-5,
        });
      }),
      { numRuns: 8, seed: 3 },
    );
  });
}

laws('a long sum of few results is cut into slices', {
  inputs: [[2, 1000, 3]],
  op: (x) => sum(x as Tensor, { axes: [1] }),
  reference: reference(total, { axes: [1] }),
  tolerance: 1e-5,
});

for (const [shape, axis] of [
  [[3, 300], 1],
  [[2, 130, 5], 1],
  [[2, 70, 160], 1],
] as const)
  for (const [name, { op, fold }] of Object.entries({ sum: folds.sum, max: folds.max }))
    laws(`${name} of [${shape}] along ${axis}: long enough for a workgroup`, {
      inputs: [shape],
      op: (x) => op(x as Tensor, { axes: [axis] }),
      reference: reference(fold, { axes: [axis] }),
      tolerance: 1e-5,
    });

test('equal maxima share the gradient evenly, as in PyTorch', async () => {
  const { valueAndGrad } = await import('../src/index.ts');
  using x = tensor([1, 3, 3, 2], [4]);
  const { value, grads } = valueAndGrad({ x }, () => max(x));
  expect(Array.from(await grads.x.read())).toEqual([0, 0.5, 0.5, 0]);
  value.dispose();
  grads.x.dispose();
});

test('NaN reaches every result; integers stay integers', async () => {
  for (const op of [sum, max, min])
    for (const length of [3, 300])
      for (const device of Object.values(await devices())) {
        const values = Array.from({ length }, (_, i) => (i === length - 2 ? Number.NaN : i));
        using y = withDevice(device, () => scope(() => op(tensor(values, [length]))));
        expect(await y.item()).toBeNaN();
      }
  using s = scope(() => sum(tensor([1, 2, 4], [3], 'i32')));
  expect(await s.item()).toBe(7);
  using m = scope(() => min(tensor([7, 5, 9], [3], 'u32')));
  expect(await m.item()).toBe(5);
});

test('axes are checked', () => {
  using x = tensor([1, 2], [1, 2]);
  expect(() => sum(x, { axes: [2] })).toThrow('sum: axis 2 is outside rank 2 (shape [1, 2])');
  expect(() => sum(x, { axes: [1, -1] })).toThrow('axes [1, -1] name an axis twice');
  expect(() => softmax(x, 2)).toThrow('softmax: axis 2 is outside rank 2');
});

/** Applies `map` to every row along `axis`, in float64. */
function alongAxis(map: (row: number[]) => number[], axis: number): (x: NdArray) => NdArray {
  return (x) => {
    const index = axis < 0 ? axis + x.shape.length : axis;
    const stride = stridesOf(x.shape)[index] as number;
    const length = x.shape[index] as number;
    const y = nd(x.shape, x.data);
    for (let i = 0; i < x.data.length; i++) {
      if (Math.floor(i / stride) % length !== 0) continue;
      const row = Array.from({ length }, (_, k) => x.data[i + k * stride] as number);
      map(row).forEach((value, k) => {
        y.data[i + k * stride] = value;
      });
    }
    return y;
  };
}

const exponentials = (row: number[]): number[] => row.map((v) => Math.exp(v - Math.max(...row)));
const soft = (row: number[]): number[] => exponentials(row).map((e) => e / total(exponentials(row)));

for (const [shape, axis] of [
  [[3, 7], 1],
  [[2, 5, 8], 1],
  [[4, 3], 0],
  [[2, 3, 1], -1],
  [[2, 70], 1],
  [[1, 65, 5], 1],
] as [number[], number][]) {
  laws(`softmax of [${shape}] along ${axis}`, {
    inputs: [shape],
    op: (x) => softmax(x as Tensor, axis),
    reference: alongAxis(soft, axis),
    tolerance: 1e-6,
  });
  laws(`logSoftmax of [${shape}] along ${axis}`, {
    inputs: [shape],
    op: (x) => logSoftmax(x as Tensor, axis),
    reference: alongAxis((row) => soft(row).map(Math.log), axis),
    tolerance: 1e-6,
  });
}

test('softmax neither overflows nor loses rows of minus infinity', async () => {
  for (const device of Object.values(await devices())) {
    using y = withDevice(device, () =>
      scope(() => softmax(tensor([1000, 1000, 0, Number.NEGATIVE_INFINITY, 5, 5], [2, 3]), 1)),
    );
    expect(Array.from(await y.read())).toEqual([0.5, 0.5, 0, 0, 0.5, 0.5]);
  }
});
