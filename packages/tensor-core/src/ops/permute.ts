import type { DType } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { dispatch, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, collapse, format, normalizeAxes, stridesOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { defineKernel, program } from '../wgsl/program.ts';

/**
 * y in order, four neighbours at a time where the innermost extent allows it, from the places its axes step over in x. Divisions are the
 * dearest part on a software adapter: the outermost axis needs none, and four neighbours share theirs.
 */
const kernel = defineKernel((rank: number, wide: boolean, dtype: DType) => {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const inner = axes.slice(1).reverse();
  const value = (k: number): string => `x[at + ${k}u * u.step]`;
  return program({
    name: 'permute',
    uniforms: ['n: u32, step: u32', ...axes.map((axis) => `extent${axis}: u32, stride${axis}: u32`)].join(', '),
    inputs: { x: dtype },
    outputs: { y: wide ? `vec4<${dtype}>` : dtype },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  var rest = gid;
  var at = 0u;
  ${inner.map((axis) => `at += rest % u.extent${axis} * u.stride${axis}; rest /= u.extent${axis};`).join('\n  ')}
  at += rest * u.stride0;
  y[gid] = ${wide ? `vec4(${[0, 1, 2, 3].map(value).join(', ')})` : 'x[at]'};`,
  });
});

/** Axis i of the result is axis `order[i]` of x.  dx = g permuted back. */
export function permute(x: Tensor, order: readonly number[]): Tensor {
  const shapes = `(shape ${format(x.shape)}, order ${format(order)})`;
  if (order.length !== x.shape.length)
    throw new ShapeError(`permute: ${order.length} axes named, the tensor has ${x.shape.length} ${shapes}`);
  const axes = order.map((axis) => (axis < 0 ? axis + order.length : axis));
  normalizeAxes('permute', order, x.shape);
  return scope(() => {
    const y = move(x, axes);
    return record('permute', [x], y, {}, (g) => [
      move(
        g,
        axes.map((_, axis) => axes.indexOf(axis)),
      ),
    ]);
  });
}

function move(x: Tensor, axes: readonly number[]): Tensor {
  const shape = axes.map((axis) => at(x.shape, axis));
  const y = Tensor.empty(shape, x.dtype, x.device);
  const own = stridesOf(x.shape);
  const { extents, strides } = collapse(shape, [axes.map((axis) => at(own, axis))]);
  const walked = strides[0] as number[];
  const last = extents.length - 1;
  const step = at(walked, last);
  const width = at(extents, last) % 4 === 0 ? 4 : 1;
  extents[last] = at(extents, last) / width;
  walked[last] = step * width;
  const n = x.size / width;
  const uniforms = [n, step, ...extents.flatMap((extent, axis) => [extent, at(walked, axis)])];
  dispatch(kernel(extents.length, width === 4, x.dtype), [x], [y], { uniforms, invocations: n });
  return y;
}
