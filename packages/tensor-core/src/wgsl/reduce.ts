import { type DType, isFloat } from '../dtype.ts';
import { mathFunctions } from './math.ts';
import { defineKernel, program } from './program.ts';
import { sliceBegin } from './slices.ts';

export type Fold = 'sum' | 'max' | 'min';

/** The next total; an extreme of floats lets NaN through. */
function next(fold: Fold, float: boolean): string {
  if (fold === 'sum') return 'total + value';
  const better = `(value ${fold === 'max' ? '>' : '<'} total)`;
  return `select(total, value, ${better}${float ? ' | isNaN4(value)' : ''})`;
}

/** x [outer, length, inner] -> y [outer, slices, inner]: an invocation folds one slice of `length` in order. */
export const reduceKernel = defineKernel((fold: Fold, wide: boolean, input: DType, output: DType) => {
  const compute = isFloat(input) ? 'f32' : input;
  const expression = next(fold, isFloat(input));
  const load = (index: string): string => `vec4<${compute}>(${wide ? '' : compute}(x[${index}]))`;
  return program({
    name: fold,
    uniforms: 'n: u32, slices: u32, length: u32, inner: u32',
    inputs: { x: wide ? `vec4<${input}>` : input },
    outputs: { y: wide ? `vec4<${output}>` : output },
    workgroupSize: 32,
    declarations: `${sliceBegin}\n${mathFunctions(expression)}`,
    body: `
  if (gid >= u.n) { return; }
  let slice = gid / u.inner % u.slices;
  let first = sliceBegin(slice, u.length, u.slices);
  let end = sliceBegin(slice + 1u, u.length, u.slices);
  let base = gid / u.inner / u.slices * u.length * u.inner + gid % u.inner;
  var total = ${load('base + first * u.inner')};
  for (var i = first + 1u; i < end; i++) {
    let value = ${load('base + i * u.inner')};
    total = ${expression};
  }
  y[gid] = ${wide ? `vec4<${output}>(total)` : `${output}(total.x)`};`,
  });
});
