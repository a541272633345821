import type { DType } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { dispatch, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format, normalizeAxes, stridesOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { defineKernel, program } from '../wgsl/program.ts';

const kernel = defineKernel((rank: number, dtype: DType) => {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const steps = [...axes]
    .reverse()
    .map((axis) => `at += rest % u.extent${axis} * u.stride${axis}; rest /= u.extent${axis};`);
  return program({
    name: 'permute',
    uniforms: ['n: u32', ...axes.map((axis) => `extent${axis}: u32, stride${axis}: u32`)].join(', '),
    inputs: { x: dtype },
    outputs: { y: dtype },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  var rest = gid;
  var at = 0u;
  ${steps.join('\n  ')}
  y[gid] = x[at];`,
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
  const strides = stridesOf(x.shape);
  const y = Tensor.empty(
    axes.map((axis) => at(x.shape, axis)),
    x.dtype,
    x.device,
  );
  const uniforms = [x.size, ...axes.flatMap((axis) => [at(x.shape, axis), at(strides, axis)])];
  dispatch(kernel(axes.length, x.dtype), [x], [y], { uniforms, invocations: x.size });
  return y;
}
