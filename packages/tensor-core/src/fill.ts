import { dispatch } from './dispatch.ts';
import type { DType } from './dtype.ts';
import { numberBits, numberType } from './number-bits.ts';
import type { Tensor } from './tensor.ts';
import { defineKernel, program } from './wgsl/program.ts';

const kernel = defineKernel((dtype: DType) =>
  program({
    name: 'fill',
    uniforms: `n: u32, value: ${numberType(dtype)}`,
    inputs: {},
    outputs: { y: `vec4<${dtype}>` },
    workgroupSize: 64,
    body: `if (gid < u.n) { y[gid] = vec4(${dtype}(u.value)); }`,
  }),
);

/** Writes `value` to every element. */
export function fill(y: Tensor, value: number): Tensor {
  const n = Math.ceil(y.size / 4);
  dispatch(kernel(y.dtype), [], [y], { uniforms: [n, numberBits('full', value, y.dtype, y.shape)], invocations: n });
  return y;
}
