import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Conv2dOptions, conv2d, DTypeError, Rng, ShapeError, scope, tensor, withDevice } from '../src/index.ts';
import { devices } from './devices.ts';
import { checkLaws, laws, type NdArray, nd } from './laws.ts';

/** conv2d in float64, one loop per index. */
function reference(options: Conv2dOptions): (x: NdArray, w: NdArray, b?: NdArray) => NdArray {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  const [top, bottom, left, right] = typeof padding === 'number' ? [padding, padding, padding, padding] : padding;
  return (x, w, b) => {
    const [n, height, width, channels] = x.shape as [number, number, number, number];
    const [kh, kw, perGroup, out] = w.shape as [number, number, number, number];
    const rows = Math.floor((height + top + bottom - dilation * (kh - 1) - 1) / stride) + 1;
    const columns = Math.floor((width + left + right - dilation * (kw - 1) - 1) / stride) + 1;
    const y = nd([n, rows, columns, out], new Float64Array(n * rows * columns * out));
    for (let p = 0; p < n; p++)
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++)
          for (let o = 0; o < out; o++) {
            let total = b?.data[o] ?? 0;
            const first = Math.floor(o / (out / groups)) * perGroup;
            for (let kr = 0; kr < kh; kr++)
              for (let kc = 0; kc < kw; kc++) {
                const [row, column] = [r * stride + kr * dilation - top, c * stride + kc * dilation - left];
                if (row < 0 || row >= height || column < 0 || column >= width) continue;
                for (let i = 0; i < perGroup; i++)
                  total +=
                    (x.data[((p * height + row) * width + column) * channels + first + i] as number) *
                    (w.data[((kr * kw + kc) * perGroup + i) * out + o] as number);
              }
            y.data[((p * rows + r) * columns + c) * out + o] = total;
          }
    return y;
  };
}

const law = (name: string, x: number[], w: number[], options: Conv2dOptions, bias = true) =>
  laws(name, {
    inputs: bias ? [x, w, [w[3] as number]] : [x, w],
    op: (a, b, c) => conv2d(a as never, b as never, c, options),
    reference: reference(options),
    tolerance: 1e-5,
  });

law('3x3, same padding, a full tile of vec4 channels', [2, 5, 17, 8], [3, 3, 8, 32], { padding: 1 });
law('first layer: 3 channels in', [1, 6, 8, 3], [3, 3, 3, 16], { padding: 1 });
law('last layer: 3 channels out', [1, 6, 8, 16], [3, 3, 16, 3], { padding: 1 });
law('1x1, no bias', [2, 3, 3, 4], [1, 1, 4, 8], {}, false);
law('stride 2, symmetric padding', [1, 8, 8, 4], [3, 3, 4, 4], { stride: 2, padding: 1 });
law('stride 2, right and bottom padding alone', [1, 8, 8, 4], [3, 3, 4, 4], {
  stride: 2,
  padding: [0, 1, 0, 1],
});
law('grouped vec4 channels', [1, 4, 5, 16], [3, 3, 8, 16], { groups: 2, padding: 1 });
law('depthwise', [1, 5, 5, 6], [3, 3, 1, 6], { groups: 6, padding: 1 });
law('dilation 3 reaching past the picture', [1, 5, 6, 2], [3, 3, 2, 5], { dilation: 3, padding: 3 });
law('enough pixels for large tiles', [1, 64, 65, 16], [1, 1, 16, 52], {});
law('enough weights for large tiles', [1, 1, 83, 52], [1, 80, 52, 52], {}, false);
law('few weights, long sums: splits of the weight gradient', [1, 16, 33, 16], [1, 1, 16, 16], {}, false);
law(
  'three channels, long sums: splits of narrow weight gradients',
  [2, 16, 33, 3],
  [3, 3, 3, 5],
  { padding: 1 },
  false,
);
law('few pixels, long sums: splits of the forward sum', [1, 3, 3, 64], [3, 3, 64, 16], { padding: 1 });
law('stride 3, dilation 2: taps that meet no phase', [1, 9, 11, 16], [3, 3, 16, 16], {
  stride: 3,
  dilation: 2,
  padding: 1,
});
law('stride 2, dilation 2: phases no tap meets', [1, 9, 8, 16], [2, 2, 16, 16], { stride: 2, dilation: 2 });
law('grouped tiles', [1, 4, 5, 40], [3, 3, 20, 32], { groups: 2, padding: 1, stride: 2 });
law('one pixel, one channel', [1, 1, 1, 1], [1, 1, 1, 1], {});

test('any stride, dilation, groups, padding and odd size', async () => {
  const drawn = fc.record({
    n: fc.integer({ min: 1, max: 2 }),
    size: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 9 })),
    kernel: fc.constantFrom([1, 1], [3, 3], [2, 3]),
    perGroup: fc.constantFrom(1, 3, 4, 8, 20),
    outPerGroup: fc.constantFrom(1, 2, 4, 8, 20),
    groups: fc.integer({ min: 1, max: 2 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    padding: fc.tuple(
      ...([0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 2 })) as [
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
        fc.Arbitrary<number>,
      ]),
    ),
    seed: fc.integer({ min: 0, max: 1000 }),
  });
  await fc.assert(
    fc.asyncProperty(
      drawn,
      async ({
        n,
        size: [h, w],
        kernel: [kh = 1, kw = 1],
        perGroup,
        outPerGroup,
        groups,
        stride,
        dilation,
        padding,
        seed,
      }) => {
        fc.pre(h + padding[0] + padding[1] > dilation * (kh - 1) && w + padding[2] + padding[3] > dilation * (kw - 1));
        const options = { stride, dilation, groups, padding };
        await checkLaws({
          inputs: [
            [n, h, w, perGroup * groups],
            [kh, kw, perGroup, outPerGroup * groups],
          ],
          op: (a, b) => conv2d(a as never, b as never, null, options),
          reference: reference(options),
          tolerance: 1e-5,
          seed,
        });
      },
    ),
    { numRuns: 20, seed: 7 },
  );
});

/** 8 channels: register and subgroup kernels; 16: tiles in workgroup memory. */
test.each([8, 16])('f16 storage, f32 sums, %i channels', async (channels) => {
  const { software } = await devices();
  if (!software.info.features.f16) return;
  const inputs = [
    { shape: [1, 4, 5, channels], dtype: 'f16' },
    { shape: [3, 3, channels, channels], dtype: 'f16' },
    { shape: [channels], dtype: 'f16' },
  ] as const;
  const options = { padding: 1 };
  // Rounding of results to half precision: one part in 1,000, and gradients are sums of such.
  await checkLaws({
    inputs,
    op: (a, b, c) => conv2d(a as never, b as never, c, options),
    reference: reference(options),
    tolerance: 2e-3,
  });
});

test('more than 65,535 workgroups', async () => {
  const x = new Rng(3).normals(600 * 600 * 8);
  for (const device of Object.values(await devices())) {
    using y = withDevice(device, () =>
      scope(() => conv2d(tensor(x, [600, 600, 1, 8]), tensor(new Float32Array(8 * 64).fill(1), [1, 1, 8, 64]))),
    );
    const read = await y.read();
    for (const pixel of [0, 131_071, 359_999]) {
      const total = x.subarray(pixel * 8, pixel * 8 + 8).reduce((a, b) => a + b, 0);
      expect(read[pixel * 64 + 63]).toBeCloseTo(total, 4);
    }
  }
});

test('what does not fit is refused with both numbers and both shapes', () => {
  scope(() => {
    const x = tensor(new Float32Array(2 * 4 * 4 * 6), [2, 4, 4, 6]);
    const w = (shape: number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b)), shape);
    expect(() => conv2d(x, w([3, 3, 8, 64]))).toThrow(
      new ShapeError('conv2d: input has 6 channels, weight expects 8 (input [2, 4, 4, 6], weight [3, 3, 8, 64])'),
    );
    expect(() => conv2d(x, w([3, 3, 3, 5]), null, { groups: 2 })).toThrow(
      'conv2d: 5 output channels do not divide into 2 groups',
    );
    expect(() => conv2d(x, w([5, 5, 6, 4]))).toThrow('output would be [0, 0]');
    expect(() => conv2d(x, w([3, 3, 6, 4]), w([5]))).toThrow('conv2d: bias has shape [5], expected [4]');
    expect(() => conv2d(x, w([3, 3, 6, 4]), tensor([1, 2, 3, 4], [4], 'i32'))).toThrow(
      new DTypeError('conv2d: input is f32, bias is i32 (input [2, 4, 4, 6], weight [3, 3, 6, 4]); cast one of them'),
    );
    expect(() => conv2d(x, w([3, 3, 6, 4]), null, { stride: 0 })).toThrow('stride must be an integer >= 1, got 0');
  });
});
