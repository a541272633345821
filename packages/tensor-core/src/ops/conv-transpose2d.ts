import { ShapeError } from '../errors.ts';
import { record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { checkBias } from './check-bias.ts';
import { gather } from './conv/gather.ts';
import { weightGradient } from './conv/weight-gradient.ts';
import { conv2dGeometry } from './conv2d.ts';
import { sum } from './reduce.ts';

export interface ConvTranspose2dOptions {
  readonly stride?: number;
  readonly padding?: number;
  /** Extra rows and columns at the bottom and right, less than `stride`: which of the sizes a convolution maps onto x's is meant. */
  readonly outputPadding?: number;
}

/**
 * The gradient of `conv2d` with respect to its input, as a layer. x [B, H, W, Cin], w [kh, kw, Cout, Cin], bias [Cout]
 * -> [B, (H − 1)·stride − 2·padding + kh + outputPadding, .., Cout].
 *
 * dx = conv2d(g, w);  dw: g against x over all pixels;  dbias = Σ g.
 */
export function convTranspose2d(
  x: Tensor,
  w: Tensor,
  bias?: Tensor | null,
  options: ConvTranspose2dOptions = {},
): Tensor {
  const { stride = 1, padding = 0, outputPadding = 0 } = options;
  const shapes = `(input ${format(x.shape)}, weight ${format(w.shape)})`;
  if (x.shape.length !== 4 || w.shape.length !== 4)
    throw new ShapeError(`convTranspose2d: expected input [B, H, W, Cin] and weight [kh, kw, Cout, Cin] ${shapes}`);
  if (at(x.shape, 3) !== at(w.shape, 3))
    throw new ShapeError(
      `convTranspose2d: input has ${at(x.shape, 3)} channels, weight expects ${at(w.shape, 3)} ${shapes}`,
    );
  if (!Number.isInteger(outputPadding) || outputPadding < 0 || outputPadding >= stride)
    throw new ShapeError(
      `convTranspose2d: outputPadding must be an integer in [0, stride ${stride}), got ${outputPadding} ${shapes}`,
    );
  const extent = (axis: number): number =>
    (at(x.shape, axis) - 1) * stride - 2 * padding + at(w.shape, axis - 1) + outputPadding;
  const output = { shape: [at(x.shape, 0), extent(1), extent(2), at(w.shape, 2)], dtype: x.dtype };
  const geometry = conv2dGeometry('convTranspose2d', output, w, { stride, padding }, shapes);
  if (geometry.height < 1 || geometry.width < 1)
    throw new ShapeError(
      `convTranspose2d: output would be [${geometry.height}, ${geometry.width}] ${shapes}; pad less than ${padding}`,
    );
  checkBias('convTranspose2d', x, w, bias, geometry.channels);
  return scope(() => {
    const y = gather(geometry, x, w, bias ?? null, true);
    return record('convTranspose2d', bias ? [x, w, bias] : [x, w], y, { x, w }, (g, saved, needs) => [
      needs[0] ? gather(geometry, g, saved.w, null, false) : null,
      needs[1] ? weightGradient(geometry, g, saved.x) : null,
      ...(bias ? [needs[2] ? sum(g, { axes: [0, 1, 2] }) : null] : []),
    ]);
  });
}
