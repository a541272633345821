import { expectDType } from '../dtype.ts';
import { dispatch, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, normalizeAxis, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { softmaxGradientKernel, softmaxKernel } from '../wgsl/softmax.ts';

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
  const n = x.size / length / (wide ? 4 : 1);
  const grid = { uniforms: [n, length, wide ? inner / 4 : inner], invocations: n };
  const logarithm = op === 'logSoftmax';
  return scope(() => {
    const y = Tensor.empty(x.shape, x.dtype, x.device);
    dispatch(softmaxKernel(logarithm, wide, x.dtype), [x], [y], { ...grid, flops: 5 * x.size });
    return record(op, [x], y, { y }, (g, saved) => {
      const dx = Tensor.empty(x.shape, x.dtype, x.device);
      dispatch(softmaxGradientKernel(logarithm, wide, x.dtype), [saved.y, g], [dx], { ...grid, flops: 4 * x.size });
      return [dx];
    });
  });
}
