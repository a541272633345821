import { defineKernel, dispatch, floatBits, program, ShapeError, scope, Tensor } from '@diffad/tensor-core';
import { checkOption } from './check-option.ts';
import type { Named } from './chunks.ts';
import { packedCopies } from './packing.ts';

/** How many partial sums a buffer is summed into: enough for every processor, in an order that does not depend on them. */
const PARTIALS = { software: 256, gpu: 16384 } as const;

const partialKernel = defineKernel(() =>
  program({
    name: 'squares',
    uniforms: 'n: u32, lanes: u32, first: u32',
    inputs: { x: 'vec4<f32>' },
    outputs: { partials: 'f32' },
    workgroupSize: 64,
    body: `
  if (gid >= u.lanes) { return; }
  var total = vec4(0.0);
  for (var i = gid; i < u.n; i += u.lanes) { total += x[i] * x[i]; }
  partials[u.first + gid] = dot(total, vec4(1.0));`,
  }),
);

/** One workgroup: total of the partials, and from it the factor that brings the norm to at most `limit`. */
const factorKernel = defineKernel(() =>
  program({
    name: 'clipFactor',
    uniforms: 'n: u32, limit: f32',
    inputs: { partials: 'f32' },
    outputs: { factor: 'f32' },
    workgroupSize: 64,
    declarations: 'var<workgroup> sums: array<f32, 64>;',
    body: `
  var own = 0.0;
  for (var i = lid; i < u.n; i += 64u) { own += partials[i]; }
  sums[lid] = own;
  workgroupBarrier();
  if (lid > 0u) { return; }
  var total = 0.0;
  for (var i = 0u; i < 64u; i++) { total += sums[i]; }
  factor[0] = min(u.limit / (sqrt(total) + 1e-6), 1.0);`,
  }),
);

const scaleKernel = defineKernel(() =>
  program({
    name: 'clip',
    uniforms: 'n: u32',
    inputs: { factor: 'f32' },
    outputs: { x: 'vec4<f32>' },
    workgroupSize: 64,
    body: 'if (gid < u.n) { x[gid] *= factor[0]; }',
  }),
);

/**
 * Gradients scaled so that their common Euclidean norm is at most `maxNorm`: new tensors, f32, that lie side by side, so that an
 * optimiser's step need not copy them again. Nothing is read back. Three dispatches for each binding's worth. Throws ShapeError where there are none.
 */
export function clipGradNorm<G extends Named>(grads: G, maxNorm: number): { [K in keyof G]: Tensor } {
  checkOption('clipGradNorm', 'maxNorm', maxNorm, 0);
  if (Object.keys(grads).length === 0) throw new ShapeError('clipGradNorm: no gradients given');
  return scope(() => {
    const { wholes, parts } = packedCopies(grads);
    const factor = factorOf(wholes, maxNorm);
    for (const whole of wholes) {
      const n = whole.size / 4;
      dispatch(scaleKernel(), [factor], [whole], { uniforms: [n], invocations: n, flops: whole.size });
    }
    return parts as { [K in keyof G]: Tensor };
  });
}

function factorOf(wholes: readonly Tensor[], maxNorm: number): Tensor {
  const { device } = wholes[0] as Tensor;
  const lanes = PARTIALS[device.info.variant];
  const partials = Tensor.empty([wholes.length * lanes], 'f32', device);
  for (const [i, whole] of wholes.entries())
    dispatch(partialKernel(), [whole], [partials], {
      uniforms: [whole.size / 4, lanes, i * lanes],
      invocations: lanes,
      flops: 2 * whole.size,
    });
  const factor = Tensor.empty([1], 'f32', device);
  dispatch(factorKernel(), [partials], [factor], { uniforms: [partials.size, floatBits(maxNorm)], workgroups: 1 });
  return factor;
}
