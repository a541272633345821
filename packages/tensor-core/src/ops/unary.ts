import { expectDType } from '../dtype.ts';
import { record } from '../op.ts';
import type { Tensor } from '../tensor.ts';
import { elementwise } from './elementwise.ts';

/** A map y = f(x) and its derivative, as WGSL over vec4<f32>. */
interface UnaryMap {
  /** In terms of the input `a` and the parameters `b` and `c`. */
  readonly value: string;
  /** dy/dx in terms of the output `b`; parameters are `c` and `d`. */
  readonly slopeOfOutput?: string;
  /** dy/dx in terms of the input `b`; parameters are `c` and `d`. */
  readonly slope?: string;
}

const maps = {
  neg: { value: '-a', slope: 'vec4(-1.0)' },
  abs: { value: 'abs(a)', slope: 'sign(b)' },
  exp: { value: 'exp4(a)', slopeOfOutput: 'b' },
  log: { value: 'log4(a)', slope: '1.0 / b' },
  sqrt: { value: 'sqrt(a)', slopeOfOutput: '0.5 / b' },
  rsqrt: { value: 'inverseSqrt(a)', slopeOfOutput: '-0.5 * b * b * b' },
  square: { value: 'a * a', slope: '2.0 * b' },
  sin: { value: 'sin4(a)', slope: 'cos4(b)' },
  cos: { value: 'cos4(a)', slope: '-sin4(b)' },
  tanh: { value: 'tanh4(a)', slopeOfOutput: '1.0 - b * b' },
  sigmoid: { value: 'sigmoid4(a)', slopeOfOutput: 'b * (1.0 - b)' },
  silu: { value: 'silu4(a)', slope: 'siluSlope4(b)' },
  relu: { value: 'relu4(a)', slope: 'reluSlope4(b)' },
  leakyRelu: { value: 'select(a, b * a, a < vec4(0.0))', slope: 'select(c, vec4(1.0), b > vec4(0.0))' },
  gelu: { value: 'gelu4(a)', slope: 'geluSlope4(b)' },
  softplus: { value: 'softplus4(a)', slope: 'sigmoid4(b)' },
  clamp: {
    value: 'select(min(max(a, b), c), a, isNaN4(a))',
    slope: 'select(vec4(0.0), vec4(1.0), (b >= c) & (b <= d))',
  },
} as const satisfies Record<string, UnaryMap>;

/** y = f(x) elementwise on a float tensor;  dx = g · f'(x), taken from y alone where the table says so. */
function map(name: keyof typeof maps, x: Tensor, ...parameters: number[]): Tensor {
  expectDType(name, 'x', x.dtype, ['f32', 'f16']);
  const { value, slope, slopeOfOutput }: UnaryMap = maps[name];
  const y = elementwise(name, value, [x, ...parameters], x.shape, x.dtype);
  const derivative = `a * (${slope ?? slopeOfOutput})`;
  return record(name, [x], y, { saved: slope ? x : y }, (g, { saved }) => [
    elementwise(`${name}.grad`, derivative, [g, saved, ...parameters], g.shape, g.dtype),
  ]);
}

export const neg = (x: Tensor): Tensor => map('neg', x);
export const abs = (x: Tensor): Tensor => map('abs', x);
export const exp = (x: Tensor): Tensor => map('exp', x);
export const log = (x: Tensor): Tensor => map('log', x);
export const sqrt = (x: Tensor): Tensor => map('sqrt', x);
export const rsqrt = (x: Tensor): Tensor => map('rsqrt', x);
export const square = (x: Tensor): Tensor => map('square', x);
/** The sine of x in radians; |x| below 1e5 keeps an absolute error near 1e-7. */
export const sin = (x: Tensor): Tensor => map('sin', x);
/** The cosine of x in radians; accurate where `sin` is. */
export const cos = (x: Tensor): Tensor => map('cos', x);
export const tanh = (x: Tensor): Tensor => map('tanh', x);
export const sigmoid = (x: Tensor): Tensor => map('sigmoid', x);
/** x · sigmoid(x). */
export const silu = (x: Tensor): Tensor => map('silu', x);
export const relu = (x: Tensor): Tensor => map('relu', x);
/** x where x > 0, else slope · x. */
export const leakyRelu = (x: Tensor, slope: number): Tensor => map('leakyRelu', x, slope);
/** x · Φ(x), with the exact normal distribution function. */
export const gelu = (x: Tensor): Tensor => map('gelu', x);
/** log(1 + eˣ), without overflow. */
export const softplus = (x: Tensor): Tensor => map('softplus', x);
/** x limited to [lo, hi]; NaN stays NaN. */
export const clamp = (x: Tensor, lo: number, hi: number): Tensor => map('clamp', x, lo, hi);
