import { expectDType } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { dispatch, floatBits, record, replaying } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import type { NormActivation } from '../wgsl/norm/forward.ts';
import { defineKernel, program } from '../wgsl/program.ts';
import { add, mul, sub } from './binary.ts';
import { cast } from './cast.ts';
import { affine, checkAffine, gradients, layoutOf, moments } from './group-norm.ts';
import { relu, rsqrt, silu } from './unary.ts';

export interface BatchNormOptions {
  /** Running statistics [C], f32. Training updates them in place; otherwise they are what x is normalised with. */
  readonly mean: Tensor;
  readonly variance: Tensor;
  /** Share of the new batch in the running statistics; default 0.1. */
  readonly momentum?: number;
  /** Default 1e-5. */
  readonly eps?: number;
  readonly training: boolean;
  /** Fused after the affine map while training; recomputed, not stored, in the backward pass. */
  readonly activation?: NormActivation;
}

const activations = { none: (z: Tensor) => z, relu, silu } as const satisfies Record<NormActivation, unknown>;

const updateKernel = defineKernel(() =>
  program({
    name: 'batchNorm.update',
    uniforms: 'n: u32, momentum: f32, eps: f32, unbias: f32',
    inputs: { statistics: 'vec2<f32>' },
    outputs: { mean: 'f32', variance: 'f32' },
    workgroupSize: 32,
    body: `
  if (gid >= u.n) { return; }
  let s = statistics[gid];
  let biased = 1.0 / (s.y * s.y) - u.eps;
  mean[gid] += u.momentum * (s.x - mean[gid]);
  variance[gid] += u.momentum * (max(biased, 0.0) * u.unbias - variance[gid]);`,
  }),
);

/**
 * y = (x − mean) / √(variance + eps) · gamma + beta per channel, then the activation. x [B, .., C]; all others [C].
 * Training normalises with the batch's own (biased) moments: group norm with one picture and one channel per group, gradients
 * included; the running variance takes the unbiased one. Ioffe and Szegedy 2015, conventions of PyTorch.
 */
export function batchNorm(x: Tensor, gamma: Tensor, beta: Tensor, options: BatchNormOptions): Tensor {
  const { mean, variance, momentum = 0.1, eps = 1e-5, training, activation = 'none' } = options;
  expectDType('batchNorm', 'x', x.dtype, ['f32', 'f16']);
  checkAffine('batchNorm', x, { gamma, beta });
  for (const [name, running] of Object.entries({ mean, variance })) {
    expectDType('batchNorm', name, running.dtype, ['f32']);
    if (running.size !== gamma.size)
      throw new ShapeError(`batchNorm: ${name} has shape ${format(running.shape)}, expected ${format(gamma.shape)}`);
  }
  if (!training)
    return scope(() => {
      const deviation = cast(rsqrt(add(variance, eps)), x.dtype);
      const z = add(mul(sub(x, cast(mean, x.dtype)), mul(deviation, gamma)), beta);
      return activations[activation](z);
    });
  const channels = at(x.shape, x.shape.length - 1);
  const count = x.size / channels;
  if (count < 2)
    throw new ShapeError(
      `batchNorm: training needs more than one value per channel (x ${format(x.shape)}); use a larger batch`,
    );
  return scope(() => {
    const layout = layoutOf(x, 1, channels, eps);
    const statistics = moments(x, layout);
    const uniforms = [channels, floatBits(momentum), floatBits(eps), floatBits(count / (count - 1))];
    if (!replaying()) dispatch(updateKernel(), [statistics], [mean, variance], { uniforms, invocations: channels });
    const y = affine(x, statistics, gamma, beta, layout, activation);
    return record('batchNorm', [x, gamma, beta], y, { x, gamma, beta, statistics }, (g, saved, needs) =>
      gradients(g, saved, layout, activation, needs),
    );
  });
}
