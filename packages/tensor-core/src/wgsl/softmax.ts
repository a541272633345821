import type { DType } from '../dtype.ts';
import { mathFunctions } from './math.ts';
import { defineKernel, program } from './program.ts';

/** A function over vec4 applied to a register. */
const apply = (name: string, wide: boolean, value: string): string =>
  wide ? `${name}(${value})` : `${name}(vec4(${value})).x`;

export const SOFTMAX_UNIFORMS = 'n: u32, length: u32, inner: u32';

/** One invocation per row of x [outer, length, inner] (four rows when `wide`): greatest, sum of exponentials, result. */
export const softmaxKernel = defineKernel((logarithm: boolean, wide: boolean, dtype: DType) => {
  const element = wide ? `vec4<${dtype}>` : dtype;
  const register = wide ? 'vec4<f32>' : 'f32';
  return program({
    name: logarithm ? 'logSoftmax' : 'softmax',
    uniforms: SOFTMAX_UNIFORMS,
    inputs: { x: element },
    outputs: { y: element },
    workgroupSize: 32,
    declarations: mathFunctions('exp4( log4('),
    body: `
  if (gid >= u.n) { return; }
  let base = gid / u.inner * u.length * u.inner + gid % u.inner;
  var top = ${register}(x[base]);
  for (var i = 1u; i < u.length; i++) { top = max(top, ${register}(x[base + i * u.inner])); }
  var total = ${register}(0.0);
  for (var i = 0u; i < u.length; i++) { total += ${apply('exp4', wide, `${register}(x[base + i * u.inner]) - top`)}; }
  ${logarithm ? `let shift = top + ${apply('log4', wide, 'total')};` : 'let scale = 1.0 / total;'}
  for (var i = 0u; i < u.length; i++) {
    let value = ${register}(x[base + i * u.inner]);
    y[base + i * u.inner] = ${element}(${logarithm ? 'value - shift' : `${apply('exp4', wide, 'value - top')} * scale`});
  }`,
  });
});

/** dx from the output y and g: y · (g − Σ g·y), or for the logarithm g − exp(y) · Σ g. */
export const softmaxGradientKernel = defineKernel((logarithm: boolean, wide: boolean, dtype: DType) => {
  const element = wide ? `vec4<${dtype}>` : dtype;
  const register = wide ? 'vec4<f32>' : 'f32';
  return program({
    name: logarithm ? 'logSoftmax.grad' : 'softmax.grad',
    uniforms: SOFTMAX_UNIFORMS,
    inputs: { y: element, g: element },
    outputs: { dx: element },
    workgroupSize: 32,
    declarations: mathFunctions('exp4('),
    body: `
  if (gid >= u.n) { return; }
  let base = gid / u.inner * u.length * u.inner + gid % u.inner;
  var total = ${register}(0.0);
  for (var i = 0u; i < u.length; i++) {
    let at = base + i * u.inner;
    total += ${register}(g[at])${logarithm ? '' : ` * ${register}(y[at])`};
  }
  for (var i = 0u; i < u.length; i++) {
    let at = base + i * u.inner;
    let value = ${register}(y[at]);
    let upstream = ${register}(g[at]);
    dx[at] = ${element}(${logarithm ? `upstream - ${apply('exp4', wide, 'value')} * total` : 'value * (upstream - total)'});
  }`,
  });
});
