import { ShapeError } from './errors.ts';

export type Shape = readonly number[];

export const MAX_RANK = 6;

export const sizeOf = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);
export const format = (shape: Shape): string => `[${shape.join(', ')}]`;
export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((extent, i) => extent === b[i]);

/** The extent at `axis`; an axis outside the shape is a bug of ours. */
export function at(shape: Shape, axis: number): number {
  const extent = shape[axis];
  if (extent === undefined) throw new Error(`internal: no axis ${axis} in ${format(shape)}`);
  return extent;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= at(shape, axis);
  }
  return strides;
}

/** Refuses ranks above six and extents that are not integers of at least one. */
export function checkShape(op: string, shape: Shape): void {
  if (shape.length > MAX_RANK)
    throw new ShapeError(`${op}: rank ${shape.length} exceeds ${MAX_RANK} (shape ${format(shape)})`);
  if (shape.every((extent) => Number.isInteger(extent) && extent >= 1)) return;
  throw new ShapeError(`${op}: every extent must be an integer >= 1 (shape ${format(shape)})`);
}

/** The common shape of `a` and `b` under NumPy broadcasting. */
export function broadcastShapes(op: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const x = a[a.length - i] ?? 1;
    const y = b[b.length - i] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw new ShapeError(
        `${op}: shapes ${format(a)} and ${format(b)} do not broadcast: ${x} against ${y} at axis -${i}`,
      );
    result[rank - i] = Math.max(x, y);
  }
  return result;
}

/** Strides that read `shape` as if it were `target`: zero along broadcast axes. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = stridesOf(shape);
  const lead = target.length - shape.length;
  return target.map((_, axis) => (axis < lead || at(shape, axis - lead) === 1 ? 0 : (strides[axis - lead] ?? 0)));
}

/** Extents and, per tensor, strides without axes of one place, and with one axis for neighbours that every tensor walks alike. */
export function collapse(shape: Shape, strides: readonly number[][]): { extents: number[]; strides: number[][] } {
  const extents: number[] = [];
  const merged = strides.map((): number[] => []);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const extent = at(shape, axis);
    if (extent === 1) continue;
    const inner = extents[0];
    const joins =
      inner !== undefined && strides.every((stride, i) => at(stride, axis) === at(merged[i] as number[], 0) * inner);
    if (joins) extents[0] = inner * extent;
    else {
      extents.unshift(extent);
      for (const [i, stride] of strides.entries()) (merged[i] as number[]).unshift(at(stride, axis));
    }
  }
  return extents.length > 0 ? { extents, strides: merged } : { extents: [1], strides: strides.map(() => [1]) };
}

/** A possibly negative axis as an index into `shape`. */
export function normalizeAxis(op: string, axis: number, shape: Shape): number {
  const index = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(index) && index >= 0 && index < shape.length) return index;
  throw new ShapeError(`${op}: axis ${axis} is outside rank ${shape.length} (shape ${format(shape)})`);
}

/** Sorted distinct axes; all of them when `axes` is missing. */
export function normalizeAxes(op: string, axes: readonly number[] | undefined, shape: Shape): number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const normal = axes.map((axis) => normalizeAxis(op, axis, shape)).sort((a, b) => a - b);
  if (new Set(normal).size === normal.length) return normal;
  throw new ShapeError(`${op}: axes ${format(axes)} name an axis twice (shape ${format(shape)})`);
}
