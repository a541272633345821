import { type DType, isFloat } from '../dtype.ts';
import { record } from '../op.ts';
import type { Tensor } from '../tensor.ts';
import { elementwise } from './elementwise.ts';

/** x as `dtype`; float to integer truncates towards zero.  dx = g as x's dtype, between floats. */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  const y = elementwise('cast', 'a', [x], x.shape, dtype);
  if (!isFloat(x.dtype) || !isFloat(dtype)) return y;
  return record('cast', [x], y, {}, (g) => [cast(g, x.dtype)]);
}
