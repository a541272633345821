import { type DType, isFloat } from '../dtype.ts';
import { type Across, folding } from './fold.ts';
import { mathFunctions } from './math.ts';
import { defineKernel, program } from './program.ts';
import { sliceBegin } from './slices.ts';

export type Fold = 'sum' | 'max' | 'min';

/** Two numbers folded; an extreme of floats lets NaN through. */
function combine(fold: Fold, float: boolean, wide: boolean, a: string, b: string): string {
  if (fold === 'sum') return `${a} + ${b}`;
  const unordered = wide ? `isNaN4(${b})` : `isNaN4(vec4(${b})).x`;
  return `select(${a}, ${b}, (${b} ${fold === 'max' ? '>' : '<'} ${a})${float ? ` | ${unordered}` : ''})`;
}

/** x [outer, length, inner] -> y [outer, slices, inner]: each slice of `length` is folded in a fixed order. */
export const reduceKernel = defineKernel(
  (fold: Fold, wide: boolean, across: Across, subgroup: number, input: DType, output: DType) => {
    const compute = isFloat(input) ? 'f32' : input;
    const [register, element] = wide ? [`vec4<${compute}>`, `vec4<${output}>`] : [compute, output];
    const both = (a: string, b: string): string => combine(fold, isFloat(input), wide, a, b);
    const folds = folding(across, subgroup);
    return program({
      name: fold,
      uniforms: 'n: u32, slices: u32, length: u32, inner: u32',
      inputs: { x: wide ? `vec4<${input}>` : input },
      outputs: { y: element },
      workgroupSize: folds.workgroupSize,
      declarations: [sliceBegin, mathFunctions(both('a', 'b')), folds.shared(register)].join('\n'),
      body: `${folds.place('u.inner')}
  let first = sliceBegin(part % u.slices, u.length, u.slices);
  let end = sliceBegin(part % u.slices + 1u, u.length, u.slices);
  let base = part / u.slices * u.length * u.inner + column;
  var total = ${fold === 'sum' ? `${register}(0)` : `${register}(x[base + first * u.inner])`};
  for (var i = first + row; i < end; i += rows) {
    let value = ${register}(x[base + i * u.inner]);
    total = ${both('total', 'value')};
  }
  ${fold === 'sum' ? folds.sum('total') : folds.fold('total', both)}
  if (row == 0u && inside) { y[part * u.inner + column] = ${element}(total); }`,
    });
  },
);
