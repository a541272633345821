import { ShapeError } from '../errors.ts';
import { record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { elementwise } from './elementwise.ts';
import { sum } from './reduce.ts';

/** Every pixel `factor` times in both directions. x [B, H, W, C] -> [B, H·factor, W·factor, C].  dx = Σ g over each square. */
export function upsampleNearest(x: Tensor, factor: number): Tensor {
  if (x.shape.length !== 4) throw new ShapeError(`upsampleNearest: expected [B, H, W, C], got ${format(x.shape)}`);
  if (!Number.isInteger(factor) || factor < 1)
    throw new ShapeError(`upsampleNearest: factor must be an integer >= 1, got ${factor}`);
  const [b, h, w, c] = [0, 1, 2, 3].map((axis) => at(x.shape, axis)) as [number, number, number, number];
  const squares = [b, h, factor, w, factor, c];
  return scope(() => {
    const repeated = elementwise('upsampleNearest', 'a', [Tensor.view(x, [b, h, 1, w, 1, c])], squares, x.dtype);
    const y = Tensor.view(repeated, [b, h * factor, w * factor, c]);
    return record('upsampleNearest', [x], y, {}, (g) => [sum(Tensor.view(g, squares), { axes: [2, 4] })]);
  });
}
