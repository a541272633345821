import type { DType } from '../dtype.ts';
import { fill } from '../fill.ts';
import { currentDevice } from '../gpu/device.ts';
import { checkNumber } from '../number-bits.ts';
import { checkShape, type Shape } from '../shape.ts';
import { Tensor, tensor } from '../tensor.ts';

/** A tensor of `shape` with every element `value`. Throws DTypeError on a number that an integer dtype cannot hold, such as a half. */
export function full(shape: Shape, value: number, dtype: DType = 'f32'): Tensor {
  checkShape('full', shape);
  checkNumber('full', value, dtype, shape, 'give it another dtype');
  return fill(Tensor.empty([...shape], dtype, currentDevice()), value);
}

export const zeros = (shape: Shape, dtype: DType = 'f32'): Tensor => full(shape, 0, dtype);
export const ones = (shape: Shape, dtype: DType = 'f32'): Tensor => full(shape, 1, dtype);

/** The numbers 0, 1, ..., n - 1, shape [n]. */
export const arange = (n: number, dtype: DType = 'f32'): Tensor =>
  tensor(
    Float64Array.from({ length: n }, (_, i) => i),
    [n],
    dtype,
  );
