import { dispatch } from './dispatch.ts';
import type { DType } from './dtype.ts';
import { floatBits } from './gpu/recorder.ts';
import type { Tensor } from './tensor.ts';
import { defineKernel, program } from './wgsl/program.ts';

const kernel = defineKernel((dtype: DType) =>
  program({
    name: 'fill',
    uniforms: `n: u32, value: ${dtype === 'f16' ? 'f32' : dtype}`,
    inputs: {},
    outputs: { y: `vec4<${dtype}>` },
    workgroupSize: 64,
    body: `if (gid < u.n) { y[gid] = vec4(${dtype}(u.value)); }`,
  }),
);

/** Writes `value` to every element. */
export function fill(y: Tensor, value: number): Tensor {
  const n = Math.ceil(y.size / 4);
  const bits = y.dtype === 'i32' || y.dtype === 'u32' ? value >>> 0 : floatBits(value);
  dispatch(kernel(y.dtype), [], [y], { uniforms: [n, bits], invocations: n });
  return y;
}
