import type { DType } from '../dtype.ts';
import { type Across, folding } from './fold.ts';
import { mathFunctions } from './math.ts';
import { defineKernel, program } from './program.ts';

/** A function over vec4 applied to a register. */
const apply = (name: string, wide: boolean, value: string): string =>
  wide ? `${name}(${value})` : `${name}(vec4(${value})).x`;

export const SOFTMAX_UNIFORMS = 'n: u32, length: u32, inner: u32';

/** Below every number; −∞ would leave NaN where a row begins with it. */
const LOWEST = '-3.4028234e38';

/**
 * x [outer, length, inner], inner in fours when `wide`. One walk along `length` keeps the greatest x and the sum of exponentials
 * relative to it, at one exponential an element; the second writes. A greatest of ∞ makes the row NaN, as in PyTorch.
 */
export const softmaxKernel = defineKernel(
  (logarithm: boolean, wide: boolean, across: Across, subgroup: number, dtype: DType) => {
    const [register, element] = wide ? ['vec4<f32>', `vec4<${dtype}>`] : ['f32', dtype];
    const { workgroupSize, place, shared, fold, sum } = folding(across, subgroup);
    return program({
      name: logarithm ? 'logSoftmax' : 'softmax',
      uniforms: SOFTMAX_UNIFORMS,
      inputs: { x: element },
      outputs: { y: element },
      workgroupSize,
      declarations: `${mathFunctions('exp4( log4( nan4(')}\n${shared(register)}`,
      body: `${place('u.inner')}
  let base = part * u.length * u.inner + column;
  var own = ${register}(${LOWEST});
  var total = ${register}(0.0);
  for (var i = row; i < u.length; i += rows) {
    let value = ${register}(x[base + i * u.inner]);
    let ahead = value - own;
    let e = ${apply('exp4', wide, '-abs(ahead)')};
    total = select(total + e, total * e + 1.0, ahead > ${register}(0.0));
    own = max(own, value);
  }
  var top = own;
  ${fold('top', (a, b) => `max(${a}, ${b})`)}
  total *= ${apply('exp4', wide, 'own - top')};
  ${sum('total')}
  total = select(total, ${apply('nan4', wide, 'total')}, bitcast<${wide ? 'vec4<u32>' : 'u32'}>(top) == ${wide ? 'vec4(0x7f800000u)' : '0x7f800000u'});
  ${logarithm ? `let shift = top + ${apply('log4', wide, 'total')};` : 'let scale = 1.0 / total;'}
  for (var i = row; i < u.length && inside; i += rows) {
    let value = ${register}(x[base + i * u.inner]);
    y[base + i * u.inner] = ${element}(${logarithm ? 'value - shift' : `${apply('exp4', wide, 'value - top')} * scale`});
  }`,
    });
  },
);

/** dx from the output y and g: y · (g − Σ g·y), or for the logarithm g − exp(y) · Σ g. */
export const softmaxGradientKernel = defineKernel(
  (logarithm: boolean, wide: boolean, across: Across, subgroup: number, dtype: DType) => {
    const [register, element] = wide ? ['vec4<f32>', `vec4<${dtype}>`] : ['f32', dtype];
    const { workgroupSize, place, shared, sum } = folding(across, subgroup);
    return program({
      name: logarithm ? 'logSoftmax.grad' : 'softmax.grad',
      uniforms: SOFTMAX_UNIFORMS,
      inputs: { y: element, g: element },
      outputs: { dx: element },
      workgroupSize,
      declarations: `${mathFunctions('exp4(')}\n${shared(register)}`,
      body: `${place('u.inner')}
  let base = part * u.length * u.inner + column;
  var total = ${register}(0.0);
  for (var i = row; i < u.length; i += rows) {
    let at = base + i * u.inner;
    total += ${register}(g[at])${logarithm ? '' : ` * ${register}(y[at])`};
  }
  ${sum('total')}
  for (var i = row; i < u.length && inside; i += rows) {
    let at = base + i * u.inner;
    let value = ${register}(y[at]);
    let upstream = ${register}(g[at]);
    dx[at] = ${element}(${logarithm ? `upstream - ${apply('exp4', wide, 'value')} * total` : 'value * (upstream - total)'});
  }`,
    });
  },
);
