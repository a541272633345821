import { expectDType } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { dispatch, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { type Pool, poolGradientKernel, poolKernel, tiledMaxGradientKernel } from '../wgsl/pool.ts';

export interface Pool2dOptions {
  /** Side of the square window. */
  readonly size: number;
  /** Default `size`. */
  readonly stride?: number;
  /** Cells around the picture, at most half of `size`; they never win a maximum. Default 0. */
  readonly padding?: number;
}

export interface AvgPool2dOptions extends Pool2dOptions {
  /** Whether padding counts in the divisor, as PyTorch's count_include_pad. Default true. */
  readonly countPad?: boolean;
}

/** The greatest of each window, NaN if it holds one. x [B, H, W, C] -> [B, H', W', C].  dx = g at the first maximum. */
export const maxPool2d = (x: Tensor, options: Pool2dOptions): Tensor => pool2d('max', x, options, true);

/** The mean of each window. x [B, H, W, C] -> [B, H', W', C].  dx = g spread evenly. */
export const avgPool2d = (x: Tensor, options: AvgPool2dOptions): Tensor =>
  pool2d('average', x, options, options.countPad ?? true);

function pool2d(pool: Pool, x: Tensor, { size, stride = size, padding = 0 }: Pool2dOptions, countPad: boolean): Tensor {
  const op = pool === 'max' ? 'maxPool2d' : 'avgPool2d';
  expectDType(op, 'x', x.dtype, ['f32', 'f16']);
  if (x.shape.length !== 4) throw new ShapeError(`${op}: expected [B, H, W, C], got ${format(x.shape)}`);
  const [b, h, w, c] = [0, 1, 2, 3].map((axis) => at(x.shape, axis)) as [number, number, number, number];
  if (
    ![size, stride].every((value) => Number.isInteger(value) && value >= 1) ||
    !Number.isInteger(padding) ||
    padding < 0 ||
    2 * padding > size
  )
    throw new ShapeError(
      `${op}: size ${size}, stride ${stride}, padding ${padding}: integers, padding at most half of size`,
    );
  const [rows, columns] = [h, w].map((extent) => Math.floor((extent + 2 * padding - size) / stride) + 1) as [
    number,
    number,
  ];
  if (rows < 1 || columns < 1)
    throw new ShapeError(`${op}: a window of ${size} does not fit the picture ${format(x.shape)} padded by ${padding}`);
  return scope(() => {
    const y = Tensor.empty([b, rows, columns, c], x.dtype, x.device);
    const wide = c % 4 === 0;
    const unit = wide ? 4 : 1;
    const inUnits = (n: number): number[] => [n, h, w, rows, columns, c / unit, size, stride, padding];
    const cells = y.size / unit;
    dispatch(poolKernel(pool, countPad, wide, x.dtype), [x], [y], {
      uniforms: inUnits(cells),
      invocations: cells,
      flops: y.size * size * size,
    });
    const tiled = pool === 'max' && stride === size && padding === 0 && h % size === 0 && w % size === 0;
    return record(op, [x], y, pool === 'max' ? { x } : {}, (g, saved) => {
      const dx = Tensor.empty(x.shape, x.dtype, x.device);
      if (tiled) {
        dispatch(tiledMaxGradientKernel(wide, x.dtype), [saved.x as Tensor, g], [dx], {
          uniforms: inUnits(cells),
          invocations: cells,
        });
        return [dx];
      }
      const inputs = [...Object.values(saved), g];
      dispatch(poolGradientKernel(pool, countPad, x.dtype), inputs, [dx], {
        uniforms: [dx.size, h, w, rows, columns, c, size, stride, padding],
        invocations: dx.size,
      });
      return [dx];
    });
  });
}
