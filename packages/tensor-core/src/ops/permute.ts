import type { DType } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { dispatch, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format, normalizeAxes, type Shape, stridesOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { defineKernel, program } from '../wgsl/program.ts';

/**
 * y in order, four neighbours at a time where the innermost extent allows it, from the places its axes step over in x. Divisions are the
 * dearest part on a software adapter: the outermost axis needs none, and four neighbours share theirs.
 */
const kernel = defineKernel((rank: number, wide: boolean, dtype: DType) => {
  const inner = Array.from({ length: rank - 1 }, (_, i) => rank - 1 - i);
  const value = (k: number): string => `x[at + ${k}u * u.step]`;
  return program({
    name: 'permute',
    uniforms: ['n: u32, step: u32, stride0: u32', ...inner.map((i) => `extent${i}: u32, stride${i}: u32`)].join(', '),
    inputs: { x: dtype },
    outputs: { y: wide ? `vec4<${dtype}>` : dtype },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  var rest = gid;
  var at = 0u;
  ${inner.map((i) => `at += rest % u.extent${i} * u.stride${i}; rest /= u.extent${i};`).join('\n  ')}
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
  const y = Tensor.empty(
    axes.map((axis) => at(x.shape, axis)),
    x.dtype,
    x.device,
  );
  const walk = steps(x.shape, axes);
  const last = walk.pop() ?? { extent: 1, stride: 0 };
  const width = last.extent % 4 === 0 ? 4 : 1;
  walk.push({ extent: last.extent / width, stride: last.stride * width });
  const [outermost, ...inner] = walk as [Step, ...Step[]];
  const n = x.size / width;
  const uniforms = [
    n,
    last.stride,
    outermost.stride,
    ...inner.reverse().flatMap(({ extent, stride }) => [extent, stride]),
  ];
  dispatch(kernel(walk.length, width === 4, x.dtype), [x], [y], { uniforms, invocations: n });
  return y;
}

interface Step {
  readonly extent: number;
  /** In x. */
  readonly stride: number;
}

/** The axes of the result as few as they can be: without those of one place, and as one where they follow each other in x as well. */
function steps(shape: Shape, axes: readonly number[]): Step[] {
  const strides = stridesOf(shape);
  const found: Step[] = [];
  for (const axis of axes) {
    const [extent, stride] = [at(shape, axis), at(strides, axis)];
    if (extent === 1) continue;
    const outer = found.at(-1);
    if (outer?.stride === extent * stride) found[found.length - 1] = { extent: outer.extent * extent, stride };
    else found.push({ extent, stride });
  }
  return found;
}
