import type { DType } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { numberBits, numberType } from '../number-bits.ts';
import { dispatch, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format, normalizeAxis, type Shape, stridesOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { defineKernel, program } from '../wgsl/program.ts';

/** Reads a window of x that may reach past its edges, where it finds `value`. Row-major over the window. */
const windowKernel = defineKernel((rank: number, outside: boolean, wide: boolean, dtype: DType) => {
  const element = wide ? `vec4<${dtype}>` : dtype;
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const steps = [...axes].reverse().map(
    (axis) => `{ let i = i32(rest % u.size${axis}) + u.start${axis}; rest /= u.size${axis};
  ${outside ? `inside = inside && i >= 0 && i < i32(u.extent${axis});` : ''} at += i * i32(u.stride${axis}); }`,
  );
  return program({
    name: outside ? 'pad' : 'slice',
    uniforms: [
      `n: u32, value: ${numberType(dtype)}`,
      ...axes.map((axis) => `start${axis}: i32, size${axis}: u32, extent${axis}: u32, stride${axis}: u32`),
    ].join(', '),
    inputs: { x: element },
    outputs: { y: element },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  var rest = gid;
  var at = 0i;
  ${outside ? 'var inside = true;' : ''}
  ${steps.join('\n  ')}
  ${outside ? `y[gid] = ${element}(${dtype}(u.value)); if (inside) { y[gid] = x[at]; }` : 'y[gid] = x[at];'}`,
  });
});

/** What is read along one axis. */
interface Span {
  readonly start: number;
  readonly size: number;
  readonly extent: number;
}

/** Joins every axis that is read whole to the one before it. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const before = result.at(-1);
    const whole = span.start === 0 && span.size === span.extent;
    if (before && whole) {
      const { start, size, extent } = before;
      result[result.length - 1] = {
        start: start * span.extent,
        size: size * span.extent,
        extent: extent * span.extent,
      };
    } else result.push(span);
  }
  return result;
}

/** The last axis in units of four, where it divides. */
function widened(spans: readonly Span[]): { spans: readonly Span[]; wide: boolean } {
  const last = spans.at(-1);
  const wide = last !== undefined && [last.start, last.size, last.extent].every((count) => count % 4 === 0);
  if (!wide) return { spans, wide };
  const { start, size, extent } = last;
  return { spans: [...spans.slice(0, -1), { start: start / 4, size: size / 4, extent: extent / 4 }], wide };
}

/** The window of `size` that begins at `start`, negative starts included; outside x it holds `value`. */
export function readWindow(x: Tensor, start: Shape, size: Shape, value: number): Tensor {
  const whole = size.map((extent, axis) => ({ start: at(start, axis), size: extent, extent: at(x.shape, axis) }));
  const { spans, wide } = widened(joined(whole));
  const outside = spans.some((span) => span.start < 0 || span.start + span.size > span.extent);
  const strides = stridesOf(spans.map(({ extent }) => extent));
  const bits = numberBits('pad', value, x.dtype, x.shape);
  const y = Tensor.empty([...size], x.dtype, x.device);
  const n = y.size / (wide ? 4 : 1);
  const uniforms = [n, bits];
  spans.forEach((span, axis) => {
    uniforms.push(span.start >>> 0, span.size, span.extent, at(strides, axis));
  });
  dispatch(windowKernel(spans.length, outside, wide, x.dtype), [x], [y], { uniforms, invocations: n });
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
  const fits = size.every((extent, axis) => {
    const first = at(start, axis);
    return [first, extent].every(Number.isInteger) && extent >= 1 && first >= 0 && first + extent <= at(x.shape, axis);
  });
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
  if (!sizes.every((size) => Number.isInteger(size) && size >= 1))
    throw new ShapeError(`split: sizes must be integers >= 1, got ${format(sizes)} (x ${format(x.shape)})`);
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
