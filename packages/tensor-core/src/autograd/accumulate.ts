import { dispatch } from '../dispatch.ts';
import type { DType } from '../dtype.ts';
import { Tensor } from '../tensor.ts';
import { defineKernel, program } from '../wgsl/program.ts';

const inPlace = defineKernel((dtype: DType) =>
  program({
    name: 'accumulate',
    uniforms: 'n: u32',
    inputs: { x: `vec4<${dtype}>` },
    outputs: { sum: `vec4<${dtype}>` },
    workgroupSize: 64,
    body: 'if (gid < u.n) { sum[gid] += x[gid]; }',
  }),
);

const outOfPlace = defineKernel((dtype: DType) =>
  program({
    name: 'accumulate.copy',
    uniforms: 'n: u32',
    inputs: { a: `vec4<${dtype}>`, b: `vec4<${dtype}>` },
    outputs: { sum: `vec4<${dtype}>` },
    workgroupSize: 64,
    body: 'if (gid < u.n) { sum[gid] = a[gid] + b[gid]; }',
  }),
);

/** a + b under the handle `a`, or under a new unscoped one when others share a's elements. `a` is consumed. */
export function accumulate(a: Tensor, b: Tensor): Tensor {
  const n = Math.ceil(a.size / 4);
  const grid = { uniforms: [n], invocations: n, flops: a.size };
  if (a.unshared) {
    dispatch(inPlace(a.dtype), [b], [a], grid);
    return a;
  }
  using sum = Tensor.empty(a.shape, a.dtype, a.device);
  dispatch(outOfPlace(a.dtype), [a, b], [sum], grid);
  a.dispose();
  return Tensor.alias(sum);
}
