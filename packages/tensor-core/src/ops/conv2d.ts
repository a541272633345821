import { expectDType } from '../dtype.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import { record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { checkBias } from './check-bias.ts';
import { gather } from './conv/gather.ts';
import type { Geometry } from './conv/geometry.ts';
import { weightGradient } from './conv/weight-gradient.ts';
import { sum } from './reduce.ts';

export interface Conv2dOptions {
  /** Default 1. */
  readonly stride?: number;
  /** Zeros around the picture: one number, or [top, bottom, left, right]. Default 0. */
  readonly padding?: number | readonly [number, number, number, number];
  /** Default 1. */
  readonly dilation?: number;
  /** Input and output channels fall into this many independent groups. Default 1. */
  readonly groups?: number;
}

/**
 * y[b, r, c, o] = bias[o] + Σ x[b, r·s + kr·d − top, c·s + kc·d − left, i] · w[kr, kc, i, o].
 * x [B, H, W, Cin], w [kh, kw, Cin / groups, Cout], bias [Cout] -> [B, H', W', Cout].
 *
 * dx: the same sum from the output's side, with w transposed;  dw: x against g over all pixels;  dbias = Σ g.
 */
export function conv2d(x: Tensor, w: Tensor, bias?: Tensor | null, options: Conv2dOptions = {}): Tensor {
  const geometry = conv2dGeometry('conv2d', x, w, options);
  checkBias('conv2d', x, w, bias, geometry.outChannels);
  const inputs = bias ? [x, w, bias] : [x, w];
  return scope(() => {
    const y = gather(geometry, x, w, bias ?? null, false);
    return record('conv2d', inputs, y, { x, w }, (g, saved, needs) => [
      needs[0] ? gather(geometry, g, saved.w, null, true) : null,
      needs[1] ? weightGradient(geometry, saved.x, g) : null,
      ...(bias ? [needs[2] ? sum(g, { axes: [0, 1, 2] }) : null] : []),
    ]);
  });
}

/** Checks every extent of a convolution and works out its output's. */
export function conv2dGeometry(
  op: string,
  x: Pick<Tensor, 'shape' | 'dtype'>,
  w: Tensor,
  options: Conv2dOptions,
  shapes = `(input ${format(x.shape)}, weight ${format(w.shape)})`,
): Geometry {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  expectDType(op, 'input', x.dtype, ['f32', 'f16']);
  if (w.dtype !== x.dtype)
    throw new DTypeError(`${op}: input is ${x.dtype}, weight is ${w.dtype} ${shapes}; cast one of them`);
  if (x.shape.length !== 4 || w.shape.length !== 4)
    throw new ShapeError(`${op}: expected input [B, H, W, C] and weight [kh, kw, Cin / groups, Cout] ${shapes}`);
  for (const [name, value] of Object.entries({ stride, dilation, groups }))
    if (!Number.isInteger(value) || value < 1)
      throw new ShapeError(`${op}: ${name} must be an integer >= 1, got ${value} ${shapes}`);
  const [top, bottom, left, right] = typeof padding === 'number' ? [padding, padding, padding, padding] : padding;
  if (![top, bottom, left, right].every((cells) => Number.isInteger(cells) && cells >= 0))
    throw new ShapeError(
      `${op}: padding must be an integer >= 0 or four, [top, bottom, left, right], got ${typeof padding === 'number' ? padding : format(padding)} ${shapes}`,
    );
  const [pictures, height, width, channels] = [0, 1, 2, 3].map((axis) => at(x.shape, axis)) as [
    number,
    number,
    number,
    number,
  ];
  const [rows, columns, perGroup, outChannels] = [0, 1, 2, 3].map((axis) => at(w.shape, axis)) as [
    number,
    number,
    number,
    number,
  ];
  if (channels !== perGroup * groups)
    throw new ShapeError(`${op}: input has ${channels} channels, weight expects ${perGroup * groups} ${shapes}`);
  if (outChannels % groups !== 0)
    throw new ShapeError(`${op}: ${outChannels} output channels do not divide into ${groups} groups ${shapes}`);
  const outHeight = Math.floor((height + top + bottom - dilation * (rows - 1) - 1) / stride) + 1;
  const outWidth = Math.floor((width + left + right - dilation * (columns - 1) - 1) / stride) + 1;
  if (outHeight < 1 || outWidth < 1)
    throw new ShapeError(
      `${op}: the kernel spans more than the padded picture: output would be [${outHeight}, ${outWidth}] ${shapes}; pad more`,
    );
  return {
    pictures,
    height,
    width,
    channels,
    rows,
    columns,
    outHeight,
    outWidth,
    outChannels,
    stride,
    dilation,
    groups,
    top,
    left,
  };
}
