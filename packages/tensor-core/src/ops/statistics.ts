import { expectDType } from '../dtype.ts';
import { scope } from '../scope.ts';
import { at, normalizeAxes, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { mul, sub } from './binary.ts';
import { type ReduceOptions, sum } from './reduce.ts';
import { square } from './unary.ts';

/** The mean of x over `axes`. */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  expectDType('mean', 'x', x.dtype, ['f32', 'f16']);
  const count = sizeOf(normalizeAxes('mean', options.axes, x.shape).map((axis) => at(x.shape, axis)));
  return scope(() => mul(sum(x, options), 1 / count));
}

/** The mean squared distance from the mean over `axes` (divided by n, not n - 1), in two passes. */
export const variance = (x: Tensor, options: ReduceOptions = {}): Tensor =>
  scope(() => mean(square(sub(x, mean(x, { ...options, keepDims: true }))), options));
