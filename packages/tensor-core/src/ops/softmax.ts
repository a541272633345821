import { expectDType } from '../dtype.ts';
import { dispatch, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, normalizeAxis, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { softmaxGradientKernel, softmaxKernel } from '../wgsl/softmax.ts';
import { foldGrid } from './fold.ts';

/** y = exp(x − max) / Σ exp(x − max) along `axis`;  dx = y · (g − Σ g·y). */
export const softmax = (x: Tensor, axis: number): Tensor => normalise('softmax', x, axis);

/** y = x − log Σ exp(x) along `axis`, without overflow;  dx = g − exp(y) · Σ g. */
export const logSoftmax = (x: Tensor, axis: number): Tensor => normalise('logSoftmax', x, axis);

function normalise(op: 'softmax' | 'logSoftmax', x: Tensor, axis: number): Tensor {
  expectDType(op, 'x', x.dtype, ['f32', 'f16']);
  const index = normalizeAxis(op, axis, x.shape);
  const inner = sizeOf(x.shape.slice(index + 1));
  const wide = inner % 4 === 0;
  const length = at(x.shape, index);
  const columns = wide ? inner / 4 : inner;
  const { across, subgroup, n, grid } = foldGrid(x.device.info, x.size / length / inner, length, columns);
  const options = { ...grid, uniforms: [n, length, columns] };
  const logarithm = op === 'logSoftmax';
  return scope(() => {
    const y = Tensor.empty(x.shape, x.dtype, x.device);
    dispatch(softmaxKernel(logarithm, wide, across, subgroup, x.dtype), [x], [y], {
      ...options,
      flops: 5 * x.size,
    });
    return record(op, [x], y, { y }, (g, saved) => {
      const dx = Tensor.empty(x.shape, x.dtype, x.device);
      dispatch(softmaxGradientKernel(logarithm, wide, across, subgroup, x.dtype), [saved.y, g], [dx], {
        ...options,
        flops: 4 * x.size,
      });
      return [dx];
    });
  });
}
