import type { DType } from '../dtype.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import { dispatch, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format, normalizeAxis, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { defineKernel, program } from '../wgsl/program.ts';
import { readWindow } from './slice.ts';

const kernel = defineKernel((wide: boolean, dtype: DType) => {
  const element = wide ? `vec4<${dtype}>` : dtype;
  return program({
    name: 'concat',
    uniforms: 'n: u32, width: u32, total: u32, first: u32',
    inputs: { x: element },
    outputs: { y: element },
    workgroupSize: 64,
    body: 'if (gid < u.n) { y[gid / u.width * u.total + u.first + gid % u.width] = x[gid]; }',
  });
});

/** The tensors one after another along `axis`.  Each gradient is its window of g. */
export function concat(xs: readonly Tensor[], axis: number): Tensor {
  const [head] = xs;
  if (!head) throw new ShapeError('concat: no tensors given');
  const index = normalizeAxis('concat', axis, head.shape);
  for (const x of xs) checkFit(head, x, index);
  const shape = head.shape.map((extent, i) =>
    i === index ? xs.reduce((total, x) => total + at(x.shape, index), 0) : extent,
  );
  return scope(() => {
    const y = Tensor.empty(shape, head.dtype, head.device);
    const starts = place(xs, y, index);
    return record('concat', xs, y, {}, (g, _, needs) =>
      xs.map((x, i) =>
        needs[i]
          ? readWindow(
              g,
              shape.map((_extent, a) => (a === index ? at(starts, i) : 0)),
              x.shape,
              0,
            )
          : null,
      ),
    );
  });
}

function checkFit(head: Tensor, x: Tensor, axis: number): void {
  const shapes = `(${format(head.shape)} and ${format(x.shape)})`;
  if (x.dtype !== head.dtype) throw new DTypeError(`concat: ${head.dtype} with ${x.dtype} ${shapes}; cast one of them`);
  const fits =
    x.shape.length === head.shape.length && x.shape.every((extent, i) => i === axis || extent === head.shape[i]);
  if (!fits) throw new ShapeError(`concat: shapes must agree but for axis ${axis} ${shapes}`);
}

/** Copies each x to its place in y; returns where along the axis each begins. */
function place(xs: readonly Tensor[], y: Tensor, axis: number): number[] {
  const inner = sizeOf(y.shape.slice(axis + 1));
  const wide = xs.every((x) => (at(x.shape, axis) * inner) % 4 === 0);
  const unit = wide ? 4 : 1;
  let first = 0;
  return xs.map((x) => {
    const n = x.size / unit;
    const begin = first;
    first += at(x.shape, axis);
    const uniforms = [
      n,
      (at(x.shape, axis) * inner) / unit,
      (at(y.shape, axis) * inner) / unit,
      (begin * inner) / unit,
    ];
    dispatch(kernel(wide, y.dtype), [x], [y], { uniforms, invocations: n });
    return begin;
  });
}
