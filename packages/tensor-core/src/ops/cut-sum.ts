import type { DType } from '../dtype.ts';
import type { Shape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { cast } from './cast.ts';
import { sum } from './reduce.ts';

/** What a kernel writes: its result, like `x` and of `shape`, or in f32 the `splits` parts its sum is cut into, [splits, ..shape]. */
export const emptyParts = (splits: number, shape: Shape, { dtype, device }: Tensor): Tensor =>
  splits === 1 ? Tensor.empty(shape, dtype, device) : Tensor.empty([splits, ...shape], 'f32', device);

/** The result, in `dtype`, of what was written there. */
export const addParts = (splits: number, parts: Tensor, dtype: DType): Tensor =>
  splits === 1 ? parts : cast(sum(parts, { axes: [0] }), dtype);
