import { ShapeError } from '../errors.ts';
import { record } from '../op.ts';
import { checkShape, format, type Shape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';

/** The same elements under `shape`, without a copy; one extent may be -1.  dx = reshape(g). */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const resolved = inferExtent(x, shape);
  checkShape('reshape', resolved);
  if (sizeOf(resolved) !== x.size)
    throw new ShapeError(
      `reshape: ${format(x.shape)} has ${x.size} elements, ${format(shape)} has ${sizeOf(resolved)}`,
    );
  return record('reshape', [x], Tensor.view(x, resolved), {}, (g) => [Tensor.view(g, x.shape)]);
}

function inferExtent(x: Tensor, shape: Shape): number[] {
  const known = sizeOf(shape.filter((extent) => extent !== -1));
  return shape.map((extent) => (extent === -1 ? x.size / known : extent));
}
