import { type DType, expectDType } from '../dtype.ts';
import { dispatch, floatBits, record } from '../op.ts';
import type { Rng } from '../rng/rng.ts';
import { adopt, scope } from '../scope.ts';
import { Tensor } from '../tensor.ts';
import { PHILOX_UNIFORMS, philoxFunctions } from '../wgsl/philox.ts';
import { defineKernel, program } from '../wgsl/program.ts';
import { drawUniforms } from './random.ts';

const kernel = defineKernel((dtype: DType) =>
  program({
    name: 'dropout',
    uniforms: `n: u32, ${PHILOX_UNIFORMS}, p: f32`,
    inputs: { x: `vec4<${dtype}>` },
    outputs: { y: `vec4<${dtype}>` },
    workgroupSize: 64,
    declarations: philoxFunctions,
    body: `
  if (gid >= u.n) { return; }
  let keep = uniform01(randomWords(gid)) >= vec4(u.p);
  y[gid] = vec4<${dtype}>(select(vec4(0.0), vec4<f32>(x[gid]) / (1.0 - u.p), keep));`,
  }),
);

/** Each element is zero with probability p, else x / (1 − p).  dx = the same of g: the mask is drawn again, not stored. */
export function dropout(x: Tensor, p: number, rng: Rng): Tensor {
  expectDType('dropout', 'x', x.dtype, ['f32', 'f16']);
  if (!(p >= 0 && p < 1)) throw new RangeError(`dropout: p must lie in [0, 1), got ${p}`);
  if (p === 0) return adopt(Tensor.alias(x));
  const n = Math.ceil(x.size / 4);
  const uniforms = [n, ...drawUniforms(rng.draw(x.size)), floatBits(p)];
  const mask = (values: Tensor): Tensor => {
    const y = Tensor.empty(values.shape, values.dtype, values.device);
    dispatch(kernel(values.dtype), [values], [y], { uniforms, invocations: n });
    return y;
  };
  return scope(() => record('dropout', [x], mask(x), {}, (g) => [mask(g)]));
}
