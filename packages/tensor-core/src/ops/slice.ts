import type { DType } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { dispatch, floatBits, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format, normalizeAxis, type Shape, sizeOf, stridesOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { defineKernel, program } from '../wgsl/program.ts';

/** Reads a window of x that may reach past its edges, where it finds `value`. Row-major over the window. */
const windowKernel = defineKernel((rank: number, outside: boolean, dtype: DType) => {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const steps = [...axes].reverse().map(
    (axis) => `{ let i = i32(rest % u.size${axis}) + u.start${axis}; rest /= u.size${axis};
  ${outside ? `inside = inside && i >= 0 && i < i32(u.extent${axis});` : ''} at += i * i32(u.stride${axis}); }`,
  );
  return program({
    name: outside ? 'pad' : 'slice',
    uniforms: [
      'n: u32, value: f32',
      ...axes.map((axis) => `start${axis}: i32, size${axis}: u32, extent${axis}: u32, stride${axis}: u32`),
    ].join(', '),
    inputs: { x: dtype },
    outputs: { y: dtype },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  var rest = gid;
  var at = 0i;
  ${outside ? 'var inside = true;' : ''}
  ${steps.join('\n  ')}
  ${outside ? `y[gid] = ${dtype}(u.value); if (inside) { y[gid] = x[at]; }` : 'y[gid] = x[at];'}`,
  });
});

/** The window of `size` that begins at `start`, negative starts included; outside x it holds `value`. */
export function readWindow(x: Tensor, start: Shape, size: Shape, value: number): Tensor {
  const outside = start.some((first, axis) => first < 0 || first + at(size, axis) > at(x.shape, axis));
  const strides = stridesOf(x.shape);
  const y = Tensor.empty([...size], x.dtype, x.device);
  const uniforms = [y.size, floatBits(value)];
  size.forEach((extent, axis) => {
    uniforms.push(at(start, axis) >>> 0, extent, at(x.shape, axis), at(strides, axis));
  });
  dispatch(windowKernel(size.length, outside, x.dtype), [x], [y], { uniforms, invocations: sizeOf(size) });
  return y;
}

/** x[begin[0]:end[0], begin[1]:end[1], ...]; missing trailing axes are whole, negative bounds count from the end.  dx = g amid zeros. */
export function slice(x: Tensor, begin: Shape, end: Shape): Tensor {
  const bound = (bounds: Shape, axis: number, whole: number): number => {
    const value = bounds[axis] ?? whole;
    return value < 0 ? value + at(x.shape, axis) : value;
  };
  const start = x.shape.map((_, axis) => bound(begin, axis, 0));
  const size = x.shape.map((extent, axis) => bound(end, axis, extent) - at(start, axis));
  const fits = size.every(
    (extent, axis) => extent >= 1 && at(start, axis) >= 0 && at(start, axis) + extent <= at(x.shape, axis),
  );
  if (!fits || begin.length > x.shape.length || end.length > x.shape.length)
    throw new ShapeError(`slice: [${begin.join(', ')}] to [${end.join(', ')}] is not a window of ${format(x.shape)}`);
  return scope(() => {
    const y = readWindow(x, start, size, 0);
    return record('slice', [x], y, {}, (g) => [
      readWindow(
        g,
        start.map((first) => -first),
        x.shape,
        0,
      ),
    ]);
  });
}

/** x cut along `axis` into pieces of the given sizes, which must add up to its extent. */
export function split(x: Tensor, sizes: readonly number[], axis: number): Tensor[] {
  const index = normalizeAxis('split', axis, x.shape);
  const total = sizes.reduce((a, b) => a + b, 0);
  if (total !== x.shape[index])
    throw new ShapeError(
      `split: sizes ${format(sizes)} add up to ${total}, axis ${index} has ${at(x.shape, index)} (x ${format(x.shape)})`,
    );
  let first = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, i) => (i === index ? first : 0));
    first += size;
    return slice(
      x,
      begin,
      x.shape.map((extent, i) => (i === index ? first : extent)),
    );
  });
}
