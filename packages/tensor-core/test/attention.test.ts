import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  attention,
  createDevice,
  Rng,
  ShapeError,
  scope,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  withDevice,
} from '../src/index.ts';
import { checkLaws, laws, type NdArray, nd } from './laws.ts';

/** Scores, softmax and mixture in float64, head by head. */
function reference(heads: number, scale?: number): (q: NdArray, k: NdArray, v: NdArray) => NdArray {
  return (q, k, v) => {
    const [pictures, queries, width] = q.shape as [number, number, number];
    const keys = k.shape[1] as number;
    const d = width / heads;
    const factor = scale ?? 1 / Math.sqrt(d);
    const y = nd(q.shape, new Float64Array(q.data.length));
    for (let b = 0; b < pictures; b++)
      for (let h = 0; h < heads; h++)
        for (let i = 0; i < queries; i++) {
          const read = (x: NdArray, tokens: number, t: number, c: number) =>
            x.data[(b * tokens + t) * width + h * d + c] as number;
          const scores = Array.from({ length: keys }, (_, j) => {
            let score = 0;
            for (let c = 0; c < d; c++) score += read(q, queries, i, c) * read(k, keys, j, c);
            return factor * score;
          });
          const top = Math.max(...scores);
          const weights = scores.map((score) => Math.exp(score - top));
          const total = weights.reduce((a, b) => a + b, 0);
          for (let c = 0; c < d; c++)
            y.data[(b * queries + i) * width + h * d + c] = weights.reduce(
              (mix, weight, j) => mix + (weight / total) * read(v, keys, j, c),
              0,
            );
        }
    return y;
  };
}

for (const [name, [batch, queries, keys, width]] of [
  ['two heads of 8, as many keys as queries', [2, 7, 7, 16]],
  ['more tokens than a workgroup holds or stages', [1, 67, 70, 8]],
  ['heads too wide for registers, more keys than queries', [2, 3, 5, 132]],
] as const)
  laws(name, {
    inputs: [
      [batch, queries, width],
      [batch, keys, width],
      [batch, keys, width],
    ],
    op: (q, k, v) => attention(q as Tensor, k as Tensor, v as Tensor, { heads: 2 }),
    reference: reference(2),
    tolerance: 1e-5,
  });

test('any number of tokens, heads and widths, any scale', async () => {
  const drawn = fc.tuple(
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom(3, 4, 6, 12),
    fc.constantFrom(undefined, 0.5),
  );
  await fc.assert(
    fc.asyncProperty(drawn, async ([queries, keys, heads, d, scale]) => {
      await checkLaws({
        inputs: [
          [1, queries, heads * d],
          [1, keys, heads * d],
          [1, keys, heads * d],
        ],
        op: (q, k, v) => attention(q as Tensor, k as Tensor, v as Tensor, { heads, ...(scale && { scale }) }),
        reference: reference(heads, scale),
        tolerance: 1e-5,
      });
    }),
    { numRuns: 8, seed: 6 },
  );
});

test('scores far beyond the range of exp', async () => {
  const values = new Rng(1).normals(32).map((x) => 100 * x);
  const inputs = [0, 1, 2].map(() => ({ shape: [1, 4, 8], values }));
  await checkLaws({
    inputs,
    op: (q, k, v) => attention(q as Tensor, k as Tensor, v as Tensor, { heads: 1 }),
    reference: reference(1),
    gradients: false,
    tolerance: 1e-5,
  });
});

test('no buffer the size of the score matrix, forward or backward', async () => {
  const device = await createDevice();
  const tokens = 512;
  withDevice(device, () =>
    scope(() => {
      const q = tensor(new Rng(2).normals(tokens * 8), [1, tokens, 8]);
      valueAndGrad({ q }, () => sum(attention(q, q, q, { heads: 2 })));
    }),
  );
  await device.sync();
  expect(device.memory().peakBytes).toBeLessThan(2 * tokens * tokens * 4);
  device.destroy();
});

test('what does not fit is refused', () => {
  scope(() => {
    const zeros = (shape: number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b)), shape);
    const q = zeros([1, 3, 12]);
    expect(() => attention(q, zeros([1, 2, 8]), zeros([1, 2, 8]), { heads: 1 })).toThrow(
      new ShapeError('attention: k and v must be [1, Tk, 12] (q [1, 3, 12], k [1, 2, 8], v [1, 2, 8])'),
    );
    expect(() => attention(q, q, q, { heads: 5 })).toThrow('attention: 12 channels do not divide into 5 heads');
  });
});
