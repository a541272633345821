import { type DType, isFloat } from '../dtype.ts';
import { numberBits } from '../number-bits.ts';
import { dispatch } from '../op.ts';
import { scope } from '../scope.ts';
import { at, broadcastStrides, collapse, type Shape, sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { mathFunctions } from '../wgsl/math.ts';
import { defineKernel, program } from '../wgsl/program.ts';

/** A tensor that broadcasts to the result's shape, or a number that the dtype of the tensors can hold. */
export type Operand = Tensor | number;

/** How a lane finds an operand: a number in a uniform, a vector of four neighbours, one splat for all four, or one element. */
type Access = 'n' | 'v' | 's' | 'e';

const WORKGROUP = 64;
const FLAT: Shape = [1];
const NAMES = 'abcd';

/**
 * One fused map over up to four broadcasting operands `a`, `b`, `c`, `d`: `expression` is WGSL over vec4 of the compute type
 * `T` (f32 for the float dtypes). The result has `shape` and `dtype`.
 */
export function elementwise(
  name: string,
  expression: string,
  operands: readonly Operand[],
  shape: Shape,
  dtype: DType,
): Tensor {
  return scope(() => map(name, expression, operands, shape, dtype));
}

function map(name: string, expression: string, operands: readonly Operand[], shape: Shape, dtype: DType): Tensor {
  const tensors = operands.filter((operand) => operand instanceof Tensor);
  const first = tensors[0] as Tensor;
  const y = Tensor.empty(shape, dtype, first.device);
  const { extents, strides } = walk(tensors, shape);
  const rank = extents.length;
  const wide = rank === 1 || at(extents, rank - 1) % 4 === 0;
  const n = Math.ceil(y.size / (wide ? 4 : 1));
  const uniforms = [n];
  let access = '';
  let next = 0;
  for (const operand of operands) {
    if (operand instanceof Tensor) {
      const innermost = at(strides[next++] as Shape, rank - 1);
      access += wide ? (innermost === 1 ? 'v' : 's') : 'e';
    } else {
      uniforms.push(numberBits(name, operand, first.dtype, first.shape));
      access += 'n';
    }
  }
  if (rank > 1) uniforms.push(...extents, ...strides.flat());
  dispatch(kernel(name, expression, access, rank, first.dtype, dtype), tensors, [y], {
    uniforms,
    invocations: n,
    flops: y.size,
  });
  return y;
}

/** Extents of the result and strides of every operand, over as few axes as possible. */
function walk(tensors: readonly Tensor[], shape: Shape): { extents: Shape; strides: readonly Shape[] } {
  if (tensors.every((tensor) => sameShape(tensor.shape, shape)))
    return { extents: FLAT, strides: tensors.map(() => FLAT) };
  return collapse(
    shape,
    tensors.map((tensor) => broadcastStrides(tensor.shape, shape)),
  );
}

const kernel = defineKernel(
  (name: string, expression: string, access: string, rank: number, input: DType, output: DType) => {
    const kinds = [...access] as Access[];
    const compute = isFloat(input) ? 'f32' : input;
    const wide = !kinds.includes('e');
    const element = (dtype: DType) => (wide ? `vec4<${dtype}>` : dtype);
    const operands = kinds.map((kind, i) => ({ kind, id: NAMES[i] as string }));
    const arrays = operands.filter(({ kind }) => kind !== 'n');
    const fields = [
      'n: u32',
      ...operands.filter(({ kind }) => kind === 'n').map(({ id }) => `${id}: ${compute}`),
      ...(rank > 1 ? Array.from({ length: rank }, (_, axis) => `extent${axis}: u32`) : []),
      ...(rank > 1
        ? arrays.flatMap(({ id }) => Array.from({ length: rank }, (_, axis) => `${id}Stride${axis}: u32`))
        : []),
    ];
    return program({
      name,
      uniforms: fields.join(', '),
      inputs: Object.fromEntries(arrays.map(({ id }) => [`${id}Data`, element(input)])),
      outputs: { yData: element(output) },
      workgroupSize: WORKGROUP,
      declarations: mathFunctions(expression),
      body: `
  if (gid >= u.n) { return; }
  ${
    rank > 1
      ? offsets(
          rank,
          arrays.map(({ id }) => id),
          wide,
        )
      : ''
  }
  ${operands.map(({ kind, id }) => `let ${id} = ${load(kind, id, compute, rank)};`).join('\n  ')}
  let y = ${expression.replaceAll('<T>', `<${compute}>`)};
  yData[gid] = ${element(output)}(${wide ? 'y' : 'y.x'});`,
    });
  },
);

function offsets(rank: number, ids: readonly string[], wide: boolean): string {
  const lines = [`var rest = gid${wide ? ' * 4u' : ''};`, ...ids.map((id) => `var ${id}At = 0u;`)];
  for (let axis = rank - 1; axis >= 0; axis--) {
    lines.push(`let at${axis} = ${axis > 0 ? `rest % u.extent${axis}` : 'rest'};`);
    if (axis > 0) lines.push(`rest /= u.extent${axis};`);
    for (const id of ids) lines.push(`${id}At += at${axis} * u.${id}Stride${axis};`);
  }
  return lines.join('\n  ');
}

function load(kind: Access, id: string, compute: string, rank: number): string {
  const vector = `vec4<${compute}>`;
  const offset = `${id}At`;
  switch (kind) {
    case 'n':
      return `${vector}(u.${id})`;
    case 'v':
      return `${vector}(${id}Data[${rank > 1 ? `${offset} / 4u` : 'gid'}])`;
    case 's':
      return rank > 1
        ? `${vector}(${compute}(${id}Data[${offset} / 4u][${offset} % 4u]))`
        : `${vector}(${compute}(${id}Data[0].x))`;
    case 'e':
      return `${vector}(${compute}(${id}Data[${offset}]))`;
  }
}
