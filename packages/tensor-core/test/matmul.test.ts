import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DTypeError, linear, matmul, ShapeError, scope, type Tensor, tensor } from '../src/index.ts';
import { broadcastShapes, broadcastStrides, sizeOf } from '../src/shape.ts';
import { devices } from './devices.ts';
import { checkLaws, laws, type NdArray, nd } from './laws.ts';

/** Batched product in float64, one loop per index. */
function reference(transposeA: boolean, transposeB: boolean): (a: NdArray, b: NdArray) => NdArray {
  return (a, b) => {
    const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
    const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
    const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
    const n = transposeB ? rowsB : columnsB;
    const leading = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
    const batches = sizeOf(leading);
    const c = nd([...leading, m, n], new Float64Array(batches * m * n));
    for (let batch = 0; batch < batches; batch++) {
      const [offsetA, offsetB] = [a, b].map((x) => batchOf(batch, leading, x.shape) * sizeOf(x.shape.slice(-2))) as [
        number,
        number,
      ];
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++)
          for (let t = 0; t < k; t++)
            (c.data[(batch * m + i) * n + j] as number) +=
              (a.data[offsetA + (transposeA ? t * m + i : i * k + t)] as number) *
              (b.data[offsetB + (transposeB ? j * k + t : t * n + j)] as number);
    }
    return c;
  };
}

function batchOf(batch: number, leading: readonly number[], shape: readonly number[]): number {
  const strides = broadcastStrides(shape.slice(0, -2), leading);
  let rest = batch;
  let at = 0;
  for (let axis = leading.length - 1; axis >= 0; axis--) {
    at += (rest % (leading[axis] as number)) * (strides[axis] as number);
    rest = Math.floor(rest / (leading[axis] as number));
  }
  return at;
}

// Sums of k products of normals in f32: the error grows with the square root of k.
const tolerance = 2e-6;

for (const transposeA of [false, true])
  for (const transposeB of [false, true])
    laws(`a tile and a rest, transposeA ${transposeA}, transposeB ${transposeB}`, {
      inputs: [transposeA ? [20, 70] : [70, 20], transposeB ? [68, 20] : [20, 68]],
      op: (a, b) => matmul(a as Tensor, b as Tensor, { transposeA, transposeB }),
      reference: reference(transposeA, transposeB),
      tolerance,
    });

for (const [transposeA, transposeB, m] of [
  [false, false, 50],
  [true, false, 52],
  [false, true, 52],
  [true, true, 50],
] as const)
  laws(`enough batches for large tiles, transposeA ${transposeA}, transposeB ${transposeB}`, {
    inputs: [transposeA ? [64, 6, m] : [64, m, 6], transposeB ? [m, 6] : [6, m]],
    op: (a, b) => matmul(a as Tensor, b as Tensor, { transposeA, transposeB }),
    reference: reference(transposeA, transposeB),
    tolerance,
  });

for (const transposeA of [false, true])
  for (const transposeB of [false, true])
    laws(`long sums are cut into parts, transposeA ${transposeA}, transposeB ${transposeB}`, {
      inputs: [transposeA ? [2, 1101, 6] : [2, 6, 1101], transposeB ? [5, 1101] : [1101, 5]],
      op: (a, b) => matmul(a as Tensor, b as Tensor, { transposeA, transposeB }),
      reference: reference(transposeA, transposeB),
      tolerance,
    });

laws('long sums are cut into parts, the bias in one of them', {
  inputs: [[4, 1040], [1040, 8], [8]],
  op: (x, w, b) => linear(x as Tensor, w as Tensor, b as Tensor),
  reference: (x, w, b) => {
    const y = reference(false, false)(x, w);
    return nd(
      y.shape,
      y.data.map((value, i) => value + ((b as NdArray).data[i % 8] as number)),
    );
  },
  tolerance,
});

test('any batch, broadcast, transposes and odd extents', async () => {
  const extent = fc.integer({ min: 1, max: 19 });
  const leading = fc.constantFrom(
    [[], []],
    [[2], []],
    [[], [3]],
    [[2], [2]],
    [[2, 3], [3]],
    [
      [2, 1],
      [1, 3],
    ],
    [[1], [4]],
  );
  await fc.assert(
    fc.asyncProperty(
      extent,
      extent,
      extent,
      leading,
      fc.boolean(),
      fc.boolean(),
      async (m, n, k, [left = [], right = []], transposeA, transposeB) => {
        await checkLaws({
          inputs: [
            [...left, ...(transposeA ? [k, m] : [m, k])],
            [...right, ...(transposeB ? [n, k] : [k, n])],
          ],
          op: (a, b) => matmul(a as Tensor, b as Tensor, { transposeA, transposeB }),
          reference: reference(transposeA, transposeB),
          tolerance,
        });
      },
    ),
    { numRuns: 15, seed: 11 },
  );
});

laws('linear: rows of any rank, with bias', {
  inputs: [[2, 3, 5], [5, 7], [7]],
  op: (x, w, b) => linear(x as Tensor, w as Tensor, b as Tensor),
  reference: (x, w, b) => {
    const y = reference(false, false)(nd([6, 5], x.data), w);
    return nd(
      [2, 3, 7],
      y.data.map((value, i) => value + ((b as NdArray).data[i % 7] as number)),
    );
  },
  tolerance,
});

test('f16 storage, f32 sums', async () => {
  const { software } = await devices();
  if (!software.info.features.f16) return;
  const inputs = [
    { shape: [9, 12], dtype: 'f16' },
    { shape: [12, 8], dtype: 'f16' },
  ] as const;
  await checkLaws({
    inputs,
    op: (a, b) => matmul(a as Tensor, b as Tensor),
    reference: reference(false, false),
    tolerance: 1e-3,
  });
});

test('what does not fit is refused with both shapes', () => {
  scope(() => {
    const zeros = (shape: number[]) => tensor(new Float32Array(sizeOf(shape)), shape);
    expect(() => matmul(zeros([2, 5]), zeros([6, 3]))).toThrow(
      new ShapeError('matmul: inner extents 5 and 6 differ (a [2, 5], b [6, 3]); check the transposes'),
    );
    expect(() => matmul(zeros([5]), zeros([5, 3]))).toThrow('both operands need two axes (a [5], b [5, 3])');
    expect(() => matmul(zeros([2, 4, 5]), zeros([3, 5, 3]))).toThrow('shapes [2] and [3] do not broadcast');
    expect(() => linear(zeros([2, 5]), zeros([6, 3]))).toThrow(
      'linear: input has 5 features, weight expects 6 (input [2, 5], weight [6, 3])',
    );
    const whole = (shape: number[]) => tensor(new Int32Array(sizeOf(shape)), shape, 'i32');
    expect(() => linear(zeros([2, 5]), zeros([5, 3]), whole([3]))).toThrow(
      new DTypeError('linear: input is f32, bias is i32 (input [2, 5], weight [5, 3]); cast one of them'),
    );
    expect(() => linear(zeros([2, 5]), zeros([5, 3]), zeros([2]))).toThrow(
      'linear: bias has shape [2], expected [3] (input [2, 5], weight [5, 3])',
    );
    expect(() => linear(whole([2, 5]), whole([5, 3]))).toThrow(
      "linear: input is i32, expected f32 or f16; convert it with cast(x, 'f32')",
    );
  });
});
