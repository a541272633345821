import { expectDType } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { affine, checkAffine, gradients, layoutOf, moments } from './group-norm.ts';

/**
 * y = (x − mean) / √(variance + eps) · gamma + beta with moments over the last axis. x [.., C], gamma and beta [C].
 * It is group norm with one group, every row a picture of one pixel; so are its gradients.
 */
export function layerNorm(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  { eps = 1e-5 }: { readonly eps?: number } = {},
): Tensor {
  if (x.shape.length < 1) throw new ShapeError(`layerNorm: expected x [.., C], got ${format(x.shape)}`);
  expectDType('layerNorm', 'x', x.dtype, ['f32', 'f16']);
  checkAffine('layerNorm', x, { gamma, beta });
  return scope(() => {
    const layout = layoutOf(x, x.size / at(x.shape, x.shape.length - 1), 1, eps);
    const statistics = moments(x, layout);
    const y = affine(x, statistics, gamma, beta, layout, 'none');
    return record('layerNorm', [x, gamma, beta], y, { x, gamma, beta, statistics }, (g, saved, needs) =>
      gradients(g, saved, layout, 'none', needs),
    );
  });
}
