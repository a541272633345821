import { add, div, mul, scope, square, sub, sum, type Tensor } from '@diffad/tensor-core';
import { expectSameShape } from './expect-same-shape.ts';

/**
 * Soft Dice loss of probabilities p against a mask m of zeros and ones, of one shape, over all elements at once:
 * 1 − (2 Σ p m + 1) / (Σ p² + Σ m² + 1). What is marked counts as a whole, however few elements it is. Throws ShapeError unless
 * the shapes are equal. Milletari et al., "V-Net", 2016, section 3; the ones keep it 0 where nothing is marked and nothing should be.
 */
export function dice(p: Tensor, m: Tensor): Tensor {
  expectSameShape('dice', { p, m });
  return scope(() => {
    const common = add(mul(sum(mul(p, m)), 2), 1);
    const marked = add(add(sum(square(p)), sum(square(m))), 1);
    return sub(1, div(common, marked));
  });
}
