import { type DType, defineKernel, dispatch, floatBits, program, type Tensor } from '@diffad/tensor-core';

const grid = (n: number): { invocations: number } => ({ invocations: n });

const castKernel = defineKernel((from: DType, to: DType) =>
  program({
    name: 'castInto',
    uniforms: 'n: u32',
    inputs: { x: `vec4<${from}>` },
    outputs: { y: `vec4<${to}>` },
    workgroupSize: 64,
    body: `
  let i = 4u * gid;
  if (i >= u.n) { return; }
  y[gid] = select(vec4<${to}>(), vec4<${to}>(x[gid]), vec4(i, i + 1u, i + 2u, i + 3u) < vec4(u.n));`,
  }),
);

/** Overwrites `target` with the elements of `source` under its own dtype, and what its last vector of four has beyond them with zeros. */
export function castInto(target: Tensor, source: Tensor): void {
  const n = source.size;
  dispatch(castKernel(source.dtype, target.dtype), [source], [target], { uniforms: [n], ...grid(Math.ceil(n / 4)) });
}

const adoptKernel = defineKernel(() =>
  program({
    name: 'adopt',
    uniforms: 'n: u32',
    inputs: { x: 'f16' },
    outputs: { master: 'f32' },
    workgroupSize: 64,
    body: 'if (gid < u.n && f16(master[gid]) != x[gid]) { master[gid] = f32(x[gid]); }',
  }),
);

/** Overwrites those elements of the f32 `master` that do not round to those of the f16 `x`; the others are finer and stay. */
export function adopt(master: Tensor, x: Tensor): void {
  dispatch(adoptKernel(), [x], [master], { uniforms: [x.size], ...grid(x.size) });
}

const combineKernel = defineKernel(() =>
  program({
    name: 'combine',
    uniforms: 'n: u32, a: f32, b: f32',
    inputs: { x: 'vec4<f32>' },
    outputs: { y: 'vec4<f32>' },
    workgroupSize: 64,
    body: 'if (gid < u.n) { y[gid] = u.a * y[gid] + u.b * x[gid]; }',
  }),
);

/** y ← a y + b x, in place. */
export function combine(y: Tensor, a: number, x: Tensor, b: number): void {
  const n = Math.ceil(x.size / 4);
  dispatch(combineKernel(), [x], [y], { uniforms: [n, floatBits(a), floatBits(b)], ...grid(n), flops: 3 * x.size });
}

const scaleKernel = defineKernel(() =>
  program({
    name: 'scale',
    uniforms: 'n: u32, a: f32',
    inputs: {},
    outputs: { y: 'vec4<f32>' },
    workgroupSize: 64,
    body: 'if (gid < u.n) { y[gid] *= u.a; }',
  }),
);

/** y ← a y, in place. */
export function scale(y: Tensor, a: number): void {
  const n = Math.ceil(y.size / 4);
  dispatch(scaleKernel(), [], [y], { uniforms: [n, floatBits(a)], ...grid(n), flops: y.size });
}

const exchangeKernel = defineKernel(() =>
  program({
    name: 'exchange',
    uniforms: 'n: u32',
    inputs: {},
    outputs: { a: 'vec4<f32>', b: 'vec4<f32>' },
    workgroupSize: 64,
    body: 'if (gid < u.n) { let value = a[gid]; a[gid] = b[gid]; b[gid] = value; }',
  }),
);

/** Exchanges the elements of two tensors. */
export function exchange(a: Tensor, b: Tensor): void {
  const n = Math.ceil(a.size / 4);
  dispatch(exchangeKernel(), [], [a, b], { uniforms: [n], ...grid(n) });
}
