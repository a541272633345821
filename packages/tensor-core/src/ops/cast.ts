import { type DType, isFloat } from '../dtype.ts';
import { record } from '../op.ts';
import { adopt } from '../scope.ts';
import { Tensor } from '../tensor.ts';
import { elementwise } from './elementwise.ts';

/** Floats outside the integers' range become the nearest float inside it, NaN becomes 0: adapters differ where this is left open. */
const ranges = { i32: 'vec4(-2147483648.0), vec4(2147483520.0)', u32: 'vec4(0.0), vec4(4294967040.0)' } as const;

const saturated = (dtype: 'i32' | 'u32'): string => `select(clamp(a, ${ranges[dtype]}), vec4(0.0), isNaN4(a))`;

/** x as `dtype`; float to integer truncates towards zero and saturates, NaN becomes 0.  dx = g as x's dtype, between floats. A handle of its own in any case. */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return adopt(Tensor.alias(x));
  const integral = dtype === 'i32' || dtype === 'u32';
  const y = elementwise('cast', isFloat(x.dtype) && integral ? saturated(dtype) : 'a', [x], x.shape, dtype);
  if (!isFloat(x.dtype) || !isFloat(dtype)) return y;
  return record('cast', [x], y, {}, (g) => [cast(g, x.dtype)]);
}
