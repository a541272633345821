import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Conv2dOptions,
  type ConvTranspose2dOptions,
  conv2d,
  convTranspose2d,
  type Shape,
  ShapeError,
  scope,
  slice,
  split,
  type Tensor,
  zeros,
} from '../src/index.ts';

/** Whole and broken, of either sign. */
const odd = fc.constantFrom(-1, 0, 0.5, 1, 1.5, 2, 3, 4, Number.NaN);

/** Either a ShapeError of one line, or tensors whose extents are integers of at least one. */
function wholeOrRefused(op: string, fn: () => Tensor | Tensor[]): void {
  let shapes: Shape[] = [];
  try {
    scope(() => {
      shapes = [fn()].flat().map(({ shape }) => shape);
    });
  } catch (error) {
    expect(error).toBeInstanceOf(ShapeError);
    expect(String(error)).toMatch(new RegExp(`^ShapeError: ${op}: [^\\n]+$`));
  }
  for (const shape of shapes) expect(shape.every((extent) => Number.isInteger(extent) && extent >= 1)).toBe(true);
}

const runs = { numRuns: 60, seed: 2 };

test('slices and pieces have whole extents, or are refused', () => {
  fc.assert(
    fc.property(odd, odd, fc.array(odd, { minLength: 1, maxLength: 3 }), (begin, end, sizes) => {
      wholeOrRefused('slice', () => slice(zeros([2, 3]), [0, begin], [2, end]));
      wholeOrRefused('split', () => split(zeros([2, 3]), sizes, 1));
    }),
    runs,
  );
});

test('convolutions of any stride and padding have whole extents, or are refused', () => {
  fc.assert(
    fc.property(odd, odd, odd, odd, (stride, padding, bottom, outputPadding) => {
      const x = [1, 2, 3, 4];
      wholeOrRefused('conv2d', () => conv2d(zeros(x), zeros([2, 2, 4, 4]), null, { stride, padding }));
      const asymmetric = { padding: [padding, bottom, 0, 1] } as const;
      wholeOrRefused('conv2d', () => conv2d(zeros(x), zeros([2, 2, 4, 4]), null, asymmetric));
      const options = { stride, padding, outputPadding };
      wholeOrRefused('convTranspose2d', () => convTranspose2d(zeros(x), zeros([2, 2, 4, 4]), null, options));
    }),
    runs,
  );
});

const conv = (options: Conv2dOptions) => () => conv2d(zeros([1, 2, 3, 4]), zeros([2, 2, 4, 4]), null, options);
const transposed = (options: ConvTranspose2dOptions) => () =>
  convTranspose2d(zeros([1, 2, 3, 4]), zeros([2, 2, 4, 4]), null, options);

test.each<[message: string, fn: () => unknown]>([
  ['split: sizes must be integers >= 1, got [1.5, 1.5] (x [2, 3])', () => split(zeros([2, 3]), [1.5, 1.5], -1)],
  ['slice: [0, 0.5] to [2, 2] is not a window of [2, 3]', () => slice(zeros([2, 3]), [0, 0.5], [2, 2])],
  [
    'conv2d: padding must be an integer >= 0 or four, [top, bottom, left, right], got 0.5 (input [1, 2, 3, 4], weight [2, 2, 4, 4])',
    conv({ padding: 0.5 }),
  ],
  [
    'conv2d: padding must be an integer >= 0 or four, [top, bottom, left, right], got [0, -1, 0, 0] (input [1, 2, 3, 4], weight [2, 2, 4, 4])',
    conv({ padding: [0, -1, 0, 0] }),
  ],
  [
    'convTranspose2d: stride must be an integer >= 1, got 0.5 (input [1, 2, 3, 4], weight [2, 2, 4, 4])',
    transposed({ stride: 0.5 }),
  ],
  [
    'convTranspose2d: outputPadding must be an integer in [0, stride 2), got 0.5 (input [1, 2, 3, 4], weight [2, 2, 4, 4])',
    transposed({ stride: 2, outputPadding: 0.5 }),
  ],
  [
    'convTranspose2d: output would be [-1, 0] (input [1, 2, 3, 4], weight [2, 2, 4, 4]); pad less than 2',
    transposed({ padding: 2 }),
  ],
])('%s', (message, fn) => {
  expect(() => scope(fn)).toThrow(new ShapeError(message));
});
