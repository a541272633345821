import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  avgPool2d,
  convTranspose2d,
  maxPool2d,
  type Pool2dOptions,
  scope,
  type Tensor,
  tensor,
  upsampleBilinear,
  upsampleNearest,
  where,
} from '../src/index.ts';
import { checkLaws, laws, type NdArray, nd } from './laws.ts';

type Four = [number, number, number, number];
const pixel = (x: NdArray, b: number, r: number, c: number, k: number): number => {
  const [, h, w, channels] = x.shape as Four;
  return x.data[((b * h + r) * w + c) * channels + k] as number;
};

function picture(shape: Four, read: (b: number, r: number, c: number, k: number) => number): NdArray {
  const [n, h, w, channels] = shape;
  const y = nd(shape, new Float64Array(n * h * w * channels));
  for (let i = 0; i < y.data.length; i++)
    y.data[i] = read(
      Math.floor(i / (h * w * channels)),
      Math.floor(i / (w * channels)) % h,
      Math.floor(i / channels) % w,
      i % channels,
    );
  return y;
}

function pooled(
  { size, stride = size, padding = 0 }: Pool2dOptions,
  fold: (values: number[]) => number,
): (x: NdArray) => NdArray {
  return (x) => {
    const [n, h, w, k] = x.shape as Four;
    const out = (extent: number) => Math.floor((extent + 2 * padding - size) / stride) + 1;
    return picture([n, out(h), out(w), k], (b, r, c, channel) => {
      const values: number[] = [];
      for (let dr = 0; dr < size; dr++)
        for (let dc = 0; dc < size; dc++) {
          const [row, column] = [r * stride - padding + dr, c * stride - padding + dc];
          if (row >= 0 && row < h && column >= 0 && column < w) values.push(pixel(x, b, row, column, channel));
        }
      return fold(values);
    });
  };
}

test('pools of any size, stride and padding', async () => {
  const drawn = fc.record({
    h: fc.integer({ min: 3, max: 7 }),
    w: fc.integer({ min: 3, max: 7 }),
    size: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    pad: fc.nat(1),
  });
  await fc.assert(
    fc.asyncProperty(drawn, async ({ h, w, size, stride, pad }) => {
      const options = { size, stride, padding: size > 1 ? pad : 0 };
      const total = (values: number[]) => values.reduce((a, b) => a + b, 0);
      const inputs = [[2, h, w, 3]];
      await checkLaws({
        inputs,
        op: (x) => maxPool2d(x as Tensor, options),
        reference: pooled(options, (v) => Math.max(...v)),
        tolerance: 1e-6,
      });
      await checkLaws({
        inputs,
        op: (x) => avgPool2d(x as Tensor, options),
        reference: pooled(options, (v) => total(v) / size ** 2),
        tolerance: 1e-6,
      });
      const bare = { ...options, countPad: false };
      await checkLaws({
        inputs,
        op: (x) => avgPool2d(x as Tensor, bare),
        reference: pooled(options, (v) => total(v) / v.length),
        tolerance: 1e-6,
      });
    }),
    { numRuns: 6, seed: 2 },
  );
});

test('equal maxima: the first takes the gradient; NaN wins', async () => {
  const { valueAndGrad, sum } = await import('../src/index.ts');
  using x = tensor([5, 5, 5, 5], [1, 2, 2, 1]);
  const { value, grads } = valueAndGrad({ x }, () => sum(maxPool2d(x, { size: 2 })));
  expect(Array.from(await grads.x.read())).toEqual([1, 0, 0, 0]);
  value.dispose();
  grads.x.dispose();
  using y = scope(() => maxPool2d(tensor([1, Number.NaN, 3, 2], [1, 2, 2, 1]), { size: 2 }));
  expect(await y.item()).toBeNaN();
});

laws('upsampleNearest repeats pixels', {
  inputs: [[2, 3, 2, 5]],
  op: (x) => upsampleNearest(x as Tensor, 3),
  reference: (x) => picture([2, 9, 6, 5], (b, r, c, k) => pixel(x, b, Math.floor(r / 3), Math.floor(c / 3), k)),
  tolerance: 1e-6,
});

for (const alignCorners of [true, false])
  for (const [h, w] of [
    [6, 10],
    [1, 1],
    [5, 3],
  ] as const)
    laws(`upsampleBilinear to [${h}, ${w}], alignCorners ${alignCorners}`, {
      inputs: [[2, 3, 5, 4]],
      op: (x) => upsampleBilinear(x as Tensor, [h, w], { alignCorners }),
      reference: (x) => {
        const place = (i: number, from: number, to: number): number =>
          alignCorners
            ? to === 1
              ? 0
              : (i * (from - 1)) / (to - 1)
            : Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
        const mix = (at: number, limit: number): [number, number, number] => [
          Math.floor(at),
          Math.min(Math.floor(at) + 1, limit - 1),
          at - Math.floor(at),
        ];
        return picture([2, h, w, 4], (b, r, c, k) => {
          const [r0, r1, fr] = mix(place(r, 3, h), 3);
          const [c0, c1, fc_] = mix(place(c, 5, w), 5);
          const top = (1 - fc_) * pixel(x, b, r0, c0, k) + fc_ * pixel(x, b, r0, c1, k);
          const bottom = (1 - fc_) * pixel(x, b, r1, c0, k) + fc_ * pixel(x, b, r1, c1, k);
          return (1 - fr) * top + fr * bottom;
        });
      },
      tolerance: 1e-5,
    });

for (const [stride, padding, outputPadding] of [
  [1, 0, 0],
  [2, 1, 1],
  [3, 1, 2],
] as const)
  laws(`convTranspose2d, stride ${stride}, padding ${padding}, outputPadding ${outputPadding}`, {
    inputs: [[2, 3, 4, 4], [3, 3, 8, 4], [8]],
    op: (x, w, b) => convTranspose2d(x as Tensor, w as Tensor, b, { stride, padding, outputPadding }),
    reference: (x, w, b) => {
      const out = (extent: number) => (extent - 1) * stride - 2 * padding + 3 + outputPadding;
      const y = picture([2, out(3), out(4), 8], (_b, _r, _c, o) => (b as NdArray).data[o] as number);
      for (let n = 0; n < 2; n++)
        for (let r = 0; r < 3; r++)
          for (let c = 0; c < 4; c++)
            for (let kr = 0; kr < 3; kr++)
              for (let kc = 0; kc < 3; kc++) {
                const [row, column] = [r * stride - padding + kr, c * stride - padding + kc];
                if (row < 0 || row >= out(3) || column < 0 || column >= out(4)) continue;
                for (let o = 0; o < 8; o++)
                  for (let i = 0; i < 4; i++)
                    (y.data[((n * out(3) + row) * out(4) + column) * 8 + o] as number) +=
                      pixel(x, n, r, c, i) * (w.data[((kr * 3 + kc) * 8 + o) * 4 + i] as number);
              }
      return y;
    },
    tolerance: 1e-5,
  });

laws('where picks by condition, with broadcasting', {
  inputs: [{ shape: [3, 1], values: [1, 0, 2] }, [3, 4], [4]],
  op: (condition, a, b) => where(condition as Tensor, a as Tensor, b as Tensor),
  reference: (condition, a, b) =>
    nd(
      [3, 4],
      a.data.map((value, i) => (condition.data[Math.floor(i / 4)] ? value : ((b as NdArray).data[i % 4] as number))),
    ),
  gradients: [false, true, true],
  tolerance: 1e-6,
});

test('what does not fit is refused', () => {
  scope(() => {
    const x = tensor(new Float32Array(12), [1, 2, 2, 3]);
    expect(() => maxPool2d(x, { size: 3 })).toThrow(
      'maxPool2d: a window of 3 does not fit the picture [1, 2, 2, 3] padded by 0',
    );
    expect(() => avgPool2d(x, { size: 2, padding: 2 })).toThrow('padding at most half of size');
    expect(() => upsampleNearest(x, 0)).toThrow('factor must be an integer >= 1, got 0');
    expect(() => convTranspose2d(x, tensor(new Float32Array(8), [1, 1, 2, 4]))).toThrow(
      'convTranspose2d: input has 3 channels, weight expects 4',
    );
    const w = tensor(new Float32Array(6), [1, 1, 2, 3]);
    expect(() => convTranspose2d(x, w, tensor([1, 2], [2], 'u32'))).toThrow(
      'convTranspose2d: input is f32, bias is u32 (input [1, 2, 2, 3], weight [1, 1, 2, 3]); cast one of them',
    );
  });
});
