import { type DType, isFloat } from './dtype.ts';
import { DTypeError } from './errors.ts';
import { floatBits } from './gpu/recorder.ts';
import { format, type Shape } from './shape.ts';

/** The type of a uniform for a number that meets elements of `dtype`. */
export const numberType = (dtype: DType): DType => (dtype === 'f16' ? 'f32' : dtype);

/** Refuses a number that an integer `dtype` cannot hold; a negative one wraps in u32. */
export function checkNumber(op: string, value: number, dtype: DType, shape: Shape, remedy: string): void {
  if (isFloat(dtype) || value === (value | 0) || (dtype === 'u32' && value === value >>> 0)) return;
  throw new DTypeError(`${op}: the number ${value} does not fit ${dtype} (shape ${format(shape)}); ${remedy}`);
}

/** The bits, for a uniform of `numberType`, of a number that meets a tensor of `dtype` and `shape` in `op`. */
export function numberBits(op: string, value: number, dtype: DType, shape: Shape): number {
  checkNumber(op, value, dtype, shape, 'cast the tensor first');
  return isFloat(dtype) ? floatBits(value) : value >>> 0;
}
