import { type DType, isFloat } from '../dtype.ts';
import { dispatch, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, normalizeAxes, type Shape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { type Fold, reduceKernel } from '../wgsl/reduce.ts';
import { elementwise } from './elementwise.ts';
import { foldGrid, slicesFor } from './fold.ts';

export interface ReduceOptions {
  /** Axes to reduce, negative ones count from the end; all when missing. */
  readonly axes?: readonly number[];
  /** Keep reduced axes with extent 1. */
  readonly keepDims?: boolean;
}

/** y = Σ x over `axes`;  dx = g repeated along them. */
export const sum = (x: Tensor, options: ReduceOptions = {}): Tensor => sumAs(x.dtype, x, options);

/** The same sum as `dtype`: a mean in f16 divides before it rounds, where the sum alone may be infinite. */
export function sumAs(dtype: DType, x: Tensor, options: ReduceOptions): Tensor {
  return scope(() => {
    const { y, kept } = reduce('sum', x, options, dtype);
    return record('sum', [x], y, {}, (g) => [elementwise('broadcast', 'a', [Tensor.view(g, kept)], x.shape, x.dtype)]);
  });
}

/** y = the greatest of x over `axes`, NaN if any is;  dx = g, shared evenly among equals. */
export const max = (x: Tensor, options: ReduceOptions = {}): Tensor => extreme('max', x, options);

/** y = the least of x over `axes`, NaN if any is;  dx = g, shared evenly among equals. */
export const min = (x: Tensor, options: ReduceOptions = {}): Tensor => extreme('min', x, options);

function extreme(fold: 'max' | 'min', x: Tensor, options: ReduceOptions): Tensor {
  return scope(() => {
    const { y, kept, axes } = reduce(fold, x, options);
    return record(fold, [x], y, { x, y }, (g, saved) => {
      const best = elementwise(
        'equal',
        'select(vec4(0.0), vec4(1.0), a == b)',
        [saved.x, Tensor.view(saved.y, kept)],
        x.shape,
        x.dtype,
      );
      // In f32 until they divide: f16 ends at 65504.
      const ties = reduce('sum', best, { axes, keepDims: true }, 'f32').y;
      const upstream = elementwise('cast', 'a', [Tensor.view(g, kept)], kept, 'f32');
      const share = elementwise('div', 'a / b', [upstream, ties], kept, x.dtype);
      return [elementwise(`${fold}.grad`, 'a * b', [share, best], x.shape, x.dtype)];
    });
  });
}

function reduce(
  fold: Fold,
  x: Tensor,
  options: ReduceOptions,
  dtype = x.dtype,
): { y: Tensor; kept: Shape; axes: readonly number[] } {
  const axes = normalizeAxes(fold, options.axes, x.shape);
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  // Runs are reduced from the innermost out; what the outermost leaves is the result.
  const [outermost, ...inner] = runs(axes.filter((axis) => x.shape[axis] !== 1));
  let y = x;
  for (const run of inner.reverse()) y = reduceRun(fold, y, run, accumulator(x));
  if (outermost) y = reduceRun(fold, y, outermost, dtype);
  else if (x.dtype !== dtype) y = elementwise('cast', 'a', [x], x.shape, dtype);
  const shape = options.keepDims ? kept : x.shape.filter((_, axis) => !axes.includes(axis));
  return { y: Tensor.view(y, shape), kept, axes };
}

/** Neighbouring axes, to be reduced in one go. */
function runs(axes: readonly number[]): number[][] {
  const found: number[][] = [];
  for (const axis of axes) {
    const last = found.at(-1);
    if (last?.at(-1) === axis - 1) last.push(axis);
    else found.push([axis]);
  }
  return found;
}

const accumulator = ({ dtype }: Tensor): DType => (isFloat(dtype) ? 'f32' : dtype);

function reduceRun(fold: Fold, x: Tensor, run: readonly number[], dtype: DType): Tensor {
  const first = at(run, 0);
  const outer = sizeOf(x.shape.slice(0, first));
  const length = sizeOf(x.shape.slice(first, first + run.length));
  const inner = sizeOf(x.shape.slice(first + run.length));
  const shape = x.shape.map((extent, axis) => (run.includes(axis) ? 1 : extent));
  const slices = slicesFor(x.device.info, outer, length, inner);
  if (slices === 1) return launch(fold, x, shape, [outer, 1, length, inner], dtype);
  const partial = launch(fold, x, [outer, slices, inner], [outer, slices, length, inner], accumulator(x));
  return Tensor.view(reduceRun(fold, partial, [1], dtype), shape);
}

/** One launch: x seen as [outer, length, inner] to `shape` seen as [outer, slices, inner]. */
function launch(
  fold: Fold,
  x: Tensor,
  shape: Shape,
  [outer, slices, length, inner]: [number, number, number, number],
  dtype: DType,
): Tensor {
  const y = Tensor.empty(shape, dtype, x.device);
  const wide = inner % 4 === 0;
  const columns = wide ? inner / 4 : inner;
  const { across, subgroup, n, grid } = foldGrid(x.device.info, outer * slices, length / slices, columns);
  const kernel = reduceKernel(fold, wide, across, subgroup, x.dtype, dtype);
  dispatch(kernel, [x], [y], { ...grid, uniforms: [n, slices, length, columns], flops: outer * length * inner });
  return y;
}
