import { expectDType } from '../dtype.ts';
import { scope } from '../scope.ts';
import { at, normalizeAxes, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { mul, sub } from './binary.ts';
import { cast } from './cast.ts';
import { type ReduceOptions, sumAs } from './reduce.ts';
import { square } from './unary.ts';

/** The mean of x over `axes`; the sum is f32 until it is divided. */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  expectDType('mean', 'x', x.dtype, ['f32', 'f16']);
  const count = sizeOf(normalizeAxes('mean', options.axes, x.shape).map((axis) => at(x.shape, axis)));
  return scope(() => cast(mul(sumAs('f32', x, options), 1 / count), x.dtype));
}

/** The mean squared distance from the mean over `axes` (divided by n, not n - 1), in two passes; f32 inside. */
export function variance(x: Tensor, options: ReduceOptions = {}): Tensor {
  expectDType('variance', 'x', x.dtype, ['f32', 'f16']);
  return scope(() => {
    const wide = cast(x, 'f32');
    return cast(mean(square(sub(wide, mean(wide, { ...options, keepDims: true }))), options), x.dtype);
  });
}
