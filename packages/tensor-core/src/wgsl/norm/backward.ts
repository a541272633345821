import type { DType } from '../../dtype.ts';
import { type Across, folding } from '../fold.ts';
import { mathFunctions } from '../math.ts';
import { defineKernel, program } from '../program.ts';
import { sliceBegin } from '../slices.ts';
import { loadPairs, loadStatistics, mapRuns, NORM_UNIFORMS, type NormActivation } from './forward.ts';

/** Declares `h`, the normalised x, and `d`, the gradient before the activation, at place `at`, from the channel's mean, scale, slope and shift. */
function upstream(wide: boolean, activation: NormActivation): string {
  const register = wide ? 'vec4<f32>' : 'f32';
  const normalised = `let h = (${register}(x[at]) - mean) * scale;`;
  if (activation === 'none') return `${normalised} let d = ${register}(g[at]);`;
  const slope = wide ? `${activation}Slope4(z)` : `${activation}Slope4(vec4(z)).x`;
  return `${normalised} let z = h * slope + shift; let d = ${register}(g[at]) * ${slope};`;
}

const slopes = (activation: NormActivation): string =>
  activation === 'none' ? '' : mathFunctions(`${activation}Slope4(`);

/** Per picture, slice and channel: Σ d and Σ d·h. */
export const sliceGradients = defineKernel(
  (wide: boolean, alike: boolean, activation: NormActivation, across: Across, dtype: DType) => {
    const register = wide ? 'vec4<f32>' : 'f32';
    const element = wide ? `vec4<${dtype}>` : dtype;
    const { workgroupSize, place, shared, sum } = folding(across, 0);
    return program({
      name: 'norm.gradSlices',
      uniforms: NORM_UNIFORMS,
      inputs: { x: element, statistics: 'vec2<f32>', gamma: element, beta: element, g: element },
      outputs: { partial: register },
      workgroupSize,
      declarations: `${sliceBegin}\n${shared(register)}\n${slopes(activation)}`,
      body: `
  let channels = u.channels / ${wide ? 4 : 1}u;
  ${place('channels')}
  let c = column;
  let picture = part / u.slices;
  ${loadStatistics(wide, alike)}
  let slope = ${register}(gamma[c]); let shift = ${register}(beta[c]);
  let end = sliceBegin(part % u.slices + 1u, u.pixels, u.slices);
  var offset = ${register}(0.0); var stretch = ${register}(0.0);
  for (var i = sliceBegin(part % u.slices, u.pixels, u.slices) + row; i < end; i += rows) {
    let at = (picture * u.pixels + i) * channels + c;
    ${upstream(wide, activation)}
    offset += d;
    stretch += d * h;
  }
  ${sum('offset')}
  ${sum('stretch')}
  // [pictures, slices, 2, channels], so that plain sums over axes follow.
  let slot = part * 2u * channels + c;
  if (row == 0u && inside) {
    partial[slot] = offset;
    partial[slot + channels] = stretch;
  }`,
    });
  },
);

/** Per picture and group: the means over its elements of gamma·d and gamma·d·h, from sums [pictures, 2, channels]. */
export const groupGradients = defineKernel((across: Across, subgroup: number, dtype: DType) => {
  const { workgroupSize, place, shared, sum } = folding(across, subgroup);
  return program({
    name: 'norm.gradGroups',
    uniforms: NORM_UNIFORMS,
    inputs: { sums: 'f32', gamma: dtype },
    outputs: { means: 'vec2<f32>' },
    workgroupSize,
    declarations: shared('vec2<f32>'),
    body: `${place('1u')}
  let width = u.channels / u.groups;
  let begin = part / u.groups * 2u * u.channels;
  var total = vec2(0.0);
  for (var i = row; i < width; i += rows) {
    let c = part % u.groups * width + i;
    total += f32(gamma[c]) * vec2(sums[begin + c], sums[begin + u.channels + c]);
  }
  ${sum('total')}
  if (row == 0u) { means[part] = total / f32(width * u.pixels); }`,
  });
});

/** dbeta and dgamma, from sums [pictures, 2, channels]: of all pictures, in order. */
export const affineGradients = defineKernel((dtype: DType) =>
  program({
    name: 'norm.affine',
    uniforms: 'n: u32, pictures: u32',
    inputs: { sums: 'f32' },
    outputs: { dgamma: dtype, dbeta: dtype },
    workgroupSize: 32,
    body: `
  if (gid >= u.n) { return; }
  var total = vec2(0.0);
  for (var p = 0u; p < u.pictures; p++) { total += vec2(sums[2u * p * u.n + gid], sums[(2u * p + 1u) * u.n + gid]); }
  dbeta[gid] = ${dtype}(total.x);
  dgamma[gid] = ${dtype}(total.y);`,
  }),
);

/** dx = (gamma·d − mean(gamma·d) − h · mean(gamma·d·h)) / deviation. */
export const inputGradient = defineKernel((wide: boolean, alike: boolean, activation: NormActivation, dtype: DType) => {
  const element = wide ? `vec4<${dtype}>` : dtype;
  const means = loadPairs('means', 'center', 'second', wide, alike);
  return program({
    name: 'norm.inputGradient',
    uniforms: NORM_UNIFORMS,
    inputs: { x: element, statistics: 'vec2<f32>', gamma: element, beta: element, g: element, means: 'vec2<f32>' },
    outputs: { dx: element },
    workgroupSize: 64,
    declarations: slopes(activation),
    body: `${mapRuns(wide, alike, means)}
    ${upstream(wide, activation)}
    dx[at] = ${element}((slope * d - center - h * second) * scale);
  }`,
  });
});
