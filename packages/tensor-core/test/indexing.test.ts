import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  argmax,
  DTypeError,
  embedding,
  gather,
  mul,
  oneHot,
  ShapeError,
  scope,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  withDevice,
} from '../src/index.ts';
import { sizeOf } from '../src/shape.ts';
import { devices } from './devices.ts';
import { checkLaws, laws, type NdArray, nd } from './laws.ts';

const dims = (least: number, most: number) =>
  fc.array(fc.integer({ min: 1, max: 5 }), { minLength: least, maxLength: most });
const runs = { numRuns: 8, seed: 12 };
const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];

/** x seen as [outer, length, inner] around `axis`. */
function around(x: NdArray, axis: number): [number, number, number] {
  return [sizeOf(x.shape.slice(0, axis)), x.shape[axis] as number, sizeOf(x.shape.slice(axis + 1))];
}

function take(x: NdArray, indices: NdArray, axis: number): NdArray {
  const [outer, length, inner] = around(x, axis);
  const data: number[] = [];
  for (let o = 0; o < outer; o++)
    for (const index of indices.data)
      for (let i = 0; i < inner; i++) data.push(x.data[(o * length + index) * inner + i] as number);
  return nd([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], data);
}

test('gather takes entries along any axis; its gradient adds up repeated indices', async () => {
  const drawn = fc.tuple(dims(1, 4), dims(0, 2), fc.nat(), fc.constantFrom('i32', 'u32'));
  await fc.assert(
    fc.asyncProperty(drawn, async ([shape, picks, seed, dtype]) => {
      const axis = seed % shape.length;
      const values = Array.from({ length: sizeOf(picks) }, (_, i) => (seed + i * i) % (shape[axis] as number));
      await checkLaws({
        inputs: [shape, { shape: picks, values, dtype }],
        op: (x, indices) => gather(x as Tensor, indices as Tensor, seed % 2 ? axis : axis - shape.length),
        reference: (x, indices) => take(x, indices as NdArray, axis),
        tolerance: 0,
        gradientTolerance: 1e-5,
      });
    }),
    runs,
  );
});

laws('embedding looks rows up', {
  inputs: [{ shape: [2, 3], values: [4, 0, 4, 1, 4, 6], dtype: 'i32' }, [7, 8]],
  op: (indices, table) => embedding(indices as Tensor, table as Tensor),
  reference: (indices, table) => take(table as NdArray, indices, 0),
  tolerance: 0,
  gradientTolerance: 1e-5,
});

test('argmax finds the greatest along any axis', async () => {
  await fc.assert(
    fc.asyncProperty(dims(1, 4), fc.nat(), async (shape, seed) => {
      const axis = seed % shape.length;
      await checkLaws({
        inputs: [shape],
        op: (x) => argmax(x as Tensor, axis),
        reference: (x) => {
          const [outer, length, inner] = around(x, axis);
          const data = Array.from({ length: outer * inner }, (_, cell) => {
            const base = Math.floor(cell / inner) * length * inner + (cell % inner);
            const row = Array.from({ length }, (_, k) => x.data[base + k * inner] as number);
            return row.indexOf(Math.max(...row));
          });
          return nd(
            shape.filter((_, i) => i !== axis),
            data,
          );
        },
        gradients: false,
        tolerance: 0,
      });
    }),
    runs,
  );
});

const onEach = async (fn: () => Tensor, expected: number[]): Promise<void> => {
  for (const device of Object.values(await devices())) {
    using y = withDevice(device, () => scope(fn));
    expect(Array.from(await y.read())).toEqual(expected);
  }
};

test('argmax: the first of equals, the first NaN, integers as integers', async () => {
  await onEach(() => argmax(tensor([1, 3, 3, -inf, -inf, -inf, inf, nan, nan], [3, 3]), 1), [1, 0, 1]);
  await onEach(() => argmax(tensor([1, 4294967295, 2], [3], 'u32'), 0), [1]);
  await onEach(() => argmax(tensor([-16777217, -16777216, -16777218], [3], 'i32'), -1), [1]);
});

test('oneHot marks each index; one outside marks nothing', async () => {
  await onEach(() => oneHot(tensor([1, 0, -1, 3], [2, 2], 'i32'), 3), [0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  await onEach(() => oneHot(tensor([2], [], 'u32'), 3), [0, 0, 1]);
});

test('an index outside gives NaN, for integers 0, and passes no gradient', async () => {
  await onEach(() => gather(tensor([1, 2], [2]), tensor([1, -1, 2], [3], 'i32'), 0), [2, nan, nan]);
  await onEach(() => gather(tensor([1, 2], [2], 'i32'), tensor([5, 0], [2], 'u32'), 0), [0, 1]);
  using x = tensor([1, 2], [2]);
  const { value, grads } = valueAndGrad({ x }, () => sum(mul(gather(x, tensor([0, 7], [2], 'i32'), 0), 3)));
  expect(Array.from(await grads.x.read())).toEqual([3, 0]);
  value.dispose();
  grads.x.dispose();
});

test('what does not fit is refused', () => {
  scope(() => {
    const x = tensor(new Float32Array(6), [2, 3]);
    const i = tensor([0, 1], [2], 'i32');
    expect(() => gather(x, x, 0)).toThrow(
      new DTypeError("gather: indices is f32, expected i32 or u32; convert it with cast(x, 'i32')"),
    );
    expect(() => gather(x, i, 2)).toThrow('gather: axis 2 is outside rank 2 (shape [2, 3])');
    expect(() => embedding(i, i)).toThrow(new ShapeError('embedding: expected table [n, C] (indices [2], table [2])'));
    expect(() => embedding(x, x)).toThrow(
      new DTypeError("embedding: indices is f32, expected i32 or u32; convert it with cast(x, 'i32')"),
    );
    expect(() => oneHot(i, 0)).toThrow('oneHot: classes must be an integer >= 1, got 0 (indices [2])');
    expect(() => argmax(x, -3)).toThrow('argmax: axis -3 is outside rank 2 (shape [2, 3])');
  });
});
