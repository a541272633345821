import { type DType, expectDType } from '../dtype.ts';
import { dispatch, record } from '../op.ts';
import { normalizeAxes, type Shape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { defineKernel, program } from '../wgsl/program.ts';
import { elementwise } from './elementwise.ts';

export interface ReduceOptions {
  /** Axes to reduce, negative ones count from the end; all when missing. */
  readonly axes?: readonly number[];
  /** Keep reduced axes with extent 1. */
  readonly keepDims?: boolean;
}

const kernel = defineKernel((dtype: DType) =>
  program({
    name: 'sum',
    uniforms: 'n: u32, length: u32, inner: u32',
    inputs: { x: dtype },
    outputs: { y: dtype },
    workgroupSize: 32,
    body: `
  if (gid >= u.n) { return; }
  let start = gid / u.inner * u.inner * u.length + gid % u.inner;
  var total = f32(0);
  for (var i = 0u; i < u.length; i++) { total += f32(x[start + i * u.inner]); }
  y[gid] = ${dtype}(total);`,
  }),
);

/** y = Σ x over `axes`;  dx = g repeated along them. */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  expectDType('sum', 'x', x.dtype, ['f32', 'f16']);
  const axes = normalizeAxes('sum', options.axes, x.shape);
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  let y = x;
  for (const axis of [...axes].reverse()) y = sumAxis(y, axis);
  const shape = options.keepDims ? kept : x.shape.filter((_, axis) => !axes.includes(axis));
  return record('sum', [x], Tensor.view(y, shape), {}, (g) => [broadcastTo(Tensor.view(g, kept), x.shape)]);
}

function sumAxis(x: Tensor, axis: number): Tensor {
  const y = Tensor.empty(
    x.shape.map((extent, i) => (i === axis ? 1 : extent)),
    x.dtype,
    x.device,
  );
  const inner = sizeOf(x.shape.slice(axis + 1));
  dispatch(kernel(x.dtype), [x], [y], {
    uniforms: [y.size, x.shape[axis] as number, inner],
    invocations: y.size,
    flops: x.size,
  });
  return y;
}

const broadcastTo = (x: Tensor, shape: Shape): Tensor => elementwise('broadcast', 'a', [x], shape, x.dtype);
