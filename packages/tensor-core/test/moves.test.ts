import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cast,
  concat,
  pad,
  permute,
  reshape,
  ShapeError,
  scope,
  slice,
  split,
  type Tensor,
  tensor,
} from '../src/index.ts';
import { stridesOf } from '../src/shape.ts';
import { checkLaws, type NdArray, nd } from './laws.ts';

const dims = (rank: number) => fc.array(fc.integer({ min: 1, max: 5 }), { minLength: rank, maxLength: rank });

/** A new array whose element at every index is `read(index)`. */
function build(shape: readonly number[], read: (index: number[]) => number): NdArray {
  const strides = stridesOf(shape);
  const y = nd(shape, new Float64Array(shape.reduce((a, b) => a * b, 1)));
  for (let i = 0; i < y.data.length; i++)
    y.data[i] = read(shape.map((extent, axis) => Math.floor(i / (strides[axis] as number)) % extent));
  return y;
}

const element = (x: NdArray, index: readonly number[]): number => {
  const inside = index.every((i, axis) => i >= 0 && i < (x.shape[axis] as number));
  return inside
    ? (x.data[index.reduce((at, i, axis) => at + i * (stridesOf(x.shape)[axis] as number), 0)] as number)
    : Number.NaN;
};

const runs = { numRuns: 8, seed: 9 };

test('permute moves every element of every rank', async () => {
  const drawn = fc
    .integer({ min: 1, max: 6 })
    .chain((rank) => fc.tuple(dims(rank), fc.shuffledSubarray([...Array(rank).keys()], { minLength: rank })));
  await fc.assert(
    fc.asyncProperty(drawn, async ([shape, order]) => {
      const reference = (x: NdArray): NdArray =>
        build(
          order.map((axis) => shape[axis] as number),
          (index) =>
            element(
              x,
              shape.map((_, axis) => index[order.indexOf(axis)] as number),
            ),
        );
      await checkLaws({
        inputs: [shape],
        op: (x) => permute(x as Tensor, order),
        reference,
        tolerance: 0,
        gradientTolerance: 1e-6,
      });
    }),
    runs,
  );
});

test('slice and pad are windows; negative bounds count from the end', async () => {
  const drawn = fc.tuple(dims(3), fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 3, maxLength: 3 }));
  await fc.assert(
    fc.asyncProperty(drawn, async ([shape, pads]) => {
      const padded = shape.map((extent, axis) => extent + (pads[axis]?.[0] ?? 0) + (pads[axis]?.[1] ?? 0));
      const shift = (index: number[], sign: number) => index.map((i, axis) => i + sign * (pads[axis]?.[0] ?? 0));
      await checkLaws({
        inputs: [shape],
        op: (x) => pad(x as Tensor, pads, 7),
        reference: (x) =>
          build(padded, (index) => (Number.isNaN(element(x, shift(index, -1))) ? 7 : element(x, shift(index, -1)))),
        tolerance: 0,
        gradientTolerance: 1e-6,
      });
      await checkLaws({
        inputs: [padded],
        op: (x) =>
          slice(
            x as Tensor,
            pads.map(([first]) => first),
            pads.map(([first], axis) => first + (shape[axis] as number)),
          ),
        reference: (x) => build(shape, (index) => element(x, shift(index, 1))),
        tolerance: 0,
        gradientTolerance: 1e-6,
      });
    }),
    runs,
  );
  using last = scope(() => slice(tensor([1, 2, 3, 4], [4]), [-2], [-1]));
  expect(Array.from(await last.read())).toEqual([3]);
});

test('concat and split undo each other, gradients included', async () => {
  const drawn = fc.tuple(dims(3), fc.nat(2), fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }));
  await fc.assert(
    fc.asyncProperty(drawn, async ([shape, axis, sizes]) => {
      const piece = (size: number) => shape.map((extent, i) => (i === axis ? size : extent));
      const whole = piece(sizes.reduce((a, b) => a + b, 0));
      const reference = (...xs: NdArray[]): NdArray =>
        build(whole, (index) => {
          let at = index[axis] as number;
          const owner = xs.find((x) => {
            const inside = at < (x.shape[axis] as number);
            if (!inside) at -= x.shape[axis] as number;
            return inside;
          }) as NdArray;
          return element(
            owner,
            index.map((i, a) => (a === axis ? at : i)),
          );
        });
      await checkLaws({
        inputs: sizes.map(piece),
        op: (...xs) => concat(xs, axis),
        reference,
        tolerance: 0,
        gradientTolerance: 1e-6,
      });
      await checkLaws({
        inputs: [whole],
        op: (x) => concat(split(x as Tensor, sizes, axis), axis),
        reference: (x) => x,
        tolerance: 0,
        gradientTolerance: 1e-6,
      });
    }),
    runs,
  );
});

test('reshape keeps the order and infers one extent', async () => {
  await checkLaws({
    inputs: [[2, 6]],
    op: (x) => reshape(x as Tensor, [3, -1]),
    reference: (x) => nd([3, 4], x.data),
    tolerance: 0,
    gradientTolerance: 1e-6,
  });
});

test('cast truncates towards zero, saturates and keeps integers exact', async () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, -1e10, -0.5];
  for (const [dtype, expected] of [
    ['i32', [0, 2147483520, -2147483648, 0]],
    ['u32', [0, 4294967040, 0, 0]],
  ] as const) {
    using y = scope(() => cast(tensor(odd, [4]), dtype));
    expect(Array.from(await y.read())).toEqual(expected);
  }
  using i = scope(() => cast(tensor([1.9, -1.9, 0.5], [3]), 'i32'));
  expect(Array.from(await i.read())).toEqual([1, -1, 0]);
  using f = scope(() => cast(tensor([7, 0, 4096], [3], 'u32'), 'f32'));
  expect(Array.from(await f.read())).toEqual([7, 0, 4096]);
});

test('what does not fit is refused', () => {
  scope(() => {
    const x = tensor(new Float32Array(6), [2, 3]);
    expect(() => reshape(x, [4])).toThrow(new ShapeError('reshape: [2, 3] has 6 elements, [4] has 4'));
    expect(() => permute(x, [0])).toThrow('permute: 1 axes named, the tensor has 2 (shape [2, 3], order [0])');
    expect(() => permute(x, [0, 0])).toThrow('axes [0, 0] name an axis twice');
    expect(() => slice(x, [0, 2], [2, 2])).toThrow('slice: [0, 2] to [2, 2] is not a window of [2, 3]');
    expect(() => split(x, [1, 1], 1)).toThrow('split: sizes [1, 1] add up to 2, axis 1 has 3 (x [2, 3])');
    expect(() => concat([x, tensor([1], [1])], 0)).toThrow('concat: shapes must agree but for axis 0 ([2, 3] and [1])');
    expect(() => pad(x, [[1, 1]])).toThrow('pad: expected 2 pairs of integers >= 0');
  });
});
