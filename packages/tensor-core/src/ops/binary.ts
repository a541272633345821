import { type DType, isFloat } from '../dtype.ts';
import { DTypeError } from '../errors.ts';
import { record, type Saves } from '../op.ts';
import { broadcastShapes, format } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { elementwise, type Operand } from './elementwise.ts';
import { sumTo } from './sum-to.ts';

/** A map y = f(a, b) and its two derivatives times the upstream gradient, as WGSL over vec4. */
interface BinaryMap {
  readonly value: string;
  /** In terms of g = `a`, and the operands `b` and `c`; 'g' is the gradient as it is. Missing: no gradient. */
  readonly first?: string;
  readonly second?: string;
  /** The derivatives do not mention the operands. */
  readonly constant?: boolean;
  readonly floatOnly?: boolean;
}

const maps = {
  add: { value: 'a + b', first: 'g', second: 'g', constant: true },
  sub: { value: 'a - b', first: 'g', second: '-a', constant: true },
  mul: { value: 'a * b', first: 'a * c', second: 'a * b' },
  div: { value: 'a / b', first: 'a / c', second: '-a * b / (c * c)' },
  maximum: {
    value: 'select(b, a, (a > b) | isNaN4(a))',
    first: 'a * share4(b, c)',
    second: 'a * share4(c, b)',
    floatOnly: true,
  },
  minimum: {
    value: 'select(b, a, (a < b) | isNaN4(a))',
    first: 'a * share4(c, b)',
    second: 'a * share4(b, c)',
    floatOnly: true,
  },
  pow: {
    value: 'pow4(a, b)',
    first: 'select(a * c * pow4(b, c - 1.0), vec4(0.0), c == vec4(0.0))',
    second: 'select(a * pow4(b, c) * log4(b), vec4(0.0), (b == vec4(0.0)) & (c >= vec4(0.0)))',
    floatOnly: true,
  },
  greater: { value: 'select(vec4<T>(0), vec4<T>(1), a > b)' },
  less: { value: 'select(vec4<T>(0), vec4<T>(1), a < b)' },
  equal: { value: 'select(vec4<T>(0), vec4<T>(1), a == b)' },
} as const satisfies Record<string, BinaryMap>;

/** y = f(a, b) with broadcasting;  each gradient is summed over the axes its operand was broadcast along. */
function map(name: keyof typeof maps, a: Operand, b: Operand): Tensor {
  const { value, first, second, constant = false, floatOnly = false }: BinaryMap = maps[name];
  const tensors = [a, b].filter((operand) => operand instanceof Tensor);
  const dtype = commonDType(name, tensors, floatOnly);
  const shape = tensors.map((tensor) => tensor.shape).reduce((x, y) => broadcastShapes(name, x, y));
  const y = elementwise(name, value, [a, b], shape, dtype);
  if (!first || !second) return y;
  const saves: Saves = constant ? {} : { ...(a instanceof Tensor && { a }), ...(b instanceof Tensor && { b }) };
  return record(name, tensors, y, saves, (g, saved, needs) => {
    const operands = constant ? [g] : [g, saved.a ?? a, saved.b ?? b];
    const slopes = a instanceof Tensor ? [first, second] : [second];
    return tensors.map(({ shape: target }, i) => {
      if (!needs[i]) return null;
      const slope = slopes[i] as string;
      return sumTo(slope === 'g' ? g : elementwise(`${name}.grad`, slope, operands, shape, dtype), target);
    });
  });
}

function commonDType(name: string, tensors: readonly Tensor[], floatOnly: boolean): DType {
  const [a, b = a] = tensors;
  if (!a || !b) throw new TypeError(`${name}: one operand must be a tensor`);
  const shapes = `shapes ${format(a.shape)} and ${format(b.shape)}`;
  if (a.dtype !== b.dtype) throw new DTypeError(`${name}: ${a.dtype} with ${b.dtype} (${shapes}); cast one of them`);
  if (floatOnly && !isFloat(a.dtype))
    throw new DTypeError(`${name}: ${a.dtype} operands, expected f32 or f16 (${shapes}); cast them`);
  return a.dtype;
}

export const add = (a: Operand, b: Operand): Tensor => map('add', a, b);
export const sub = (a: Operand, b: Operand): Tensor => map('sub', a, b);
export const mul = (a: Operand, b: Operand): Tensor => map('mul', a, b);
export const div = (a: Operand, b: Operand): Tensor => map('div', a, b);
/** The greater of both; NaN if either is; equal operands share the gradient. */
export const maximum = (a: Operand, b: Operand): Tensor => map('maximum', a, b);
/** The lesser of both; NaN if either is; equal operands share the gradient. */
export const minimum = (a: Operand, b: Operand): Tensor => map('minimum', a, b);
/** a to the power b; negative a with an integral b as in PyTorch. */
export const pow = (a: Operand, b: Operand): Tensor => map('pow', a, b);
/** 1 where a > b, else 0, in the operands' dtype; no gradient. */
export const greater = (a: Operand, b: Operand): Tensor => map('greater', a, b);
/** 1 where a < b, else 0, in the operands' dtype; no gradient. */
export const less = (a: Operand, b: Operand): Tensor => map('less', a, b);
/** 1 where a = b, else 0, in the operands' dtype; no gradient. */
export const equal = (a: Operand, b: Operand): Tensor => map('equal', a, b);
