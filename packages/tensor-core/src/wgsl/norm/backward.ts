import type { DType } from '../../dtype.ts';
import { mathFunctions } from '../math.ts';
import { defineKernel, program } from '../program.ts';
import { sliceBegin } from '../slices.ts';
import { loadStatistics, NORM_UNIFORMS } from './forward.ts';

/** Declares `h`, the normalised x, and `d`, the gradient before SiLU, at place `at`. */
function upstream(wide: boolean, silu: boolean): string {
  const register = wide ? 'vec4<f32>' : 'f32';
  const slope = wide ? 'siluSlope4(z)' : 'siluSlope4(vec4(z)).x';
  return `let h = (${register}(x[at]) - mean) * scale;
    ${silu ? `let z = h * ${register}(gamma[c]) + ${register}(beta[c]); let d = ${register}(g[at]) * ${slope};` : `let d = ${register}(g[at]);`}`;
}

/** Per picture, slice and channel: Σ d and Σ d·h. */
export const sliceGradients = defineKernel((wide: boolean, silu: boolean, dtype: DType) => {
  const register = wide ? 'vec4<f32>' : 'f32';
  const element = wide ? `vec4<${dtype}>` : dtype;
  return program({
    name: 'norm.gradSlices',
    uniforms: NORM_UNIFORMS,
    inputs: { x: element, statistics: 'vec2<f32>', gamma: element, beta: element, g: element },
    outputs: { partial: register },
    workgroupSize: 32,
    declarations: `${sliceBegin}\n${silu ? mathFunctions('siluSlope4(') : ''}`,
    body: `
  if (gid >= u.n) { return; }
  let channels = u.channels / ${wide ? 4 : 1}u;
  let c = gid % channels;
  let slice = gid / channels % u.slices;
  let picture = gid / channels / u.slices;
  ${loadStatistics(wide)}
  let end = sliceBegin(slice + 1u, u.pixels, u.slices);
  var shift = ${register}(0.0); var stretch = ${register}(0.0);
  for (var i = sliceBegin(slice, u.pixels, u.slices); i < end; i++) {
    let at = (picture * u.pixels + i) * channels + c;
    ${upstream(wide, silu)}
    shift += d;
    stretch += d * h;
  }
  // [pictures, slices, 2, channels], so that plain sums over axes follow.
  let row = (gid / channels) * 2u * channels + c;
  partial[row] = shift;
  partial[row + channels] = stretch;`,
  });
});

/** Per picture and group: the means over its elements of gamma·d and gamma·d·h, from sums [pictures, 2, channels]. */
export const groupGradients = defineKernel((dtype: DType) =>
  program({
    name: 'norm.gradGroups',
    uniforms: NORM_UNIFORMS,
    inputs: { sums: 'f32', gamma: dtype },
    outputs: { means: 'vec2<f32>' },
    workgroupSize: 32,
    body: `
  if (gid >= u.n) { return; }
  let width = u.channels / u.groups;
  let row = gid / u.groups * 2u * u.channels;
  var total = vec2(0.0);
  for (var c = gid % u.groups * width; c < (gid % u.groups + 1u) * width; c++) {
    total += f32(gamma[c]) * vec2(sums[row + c], sums[row + u.channels + c]);
  }
  means[gid] = total / f32(width * u.pixels);`,
  }),
);

/** dx = (gamma·d − mean(gamma·d) − h · mean(gamma·d·h)) / deviation. */
export const inputGradient = defineKernel((wide: boolean, silu: boolean, dtype: DType) => {
  const register = wide ? 'vec4<f32>' : 'f32';
  const element = wide ? `vec4<${dtype}>` : dtype;
  const group = (lane: number): string =>
    `picture * u.groups + (c * ${wide ? 4 : 1}u + ${lane}u) / (u.channels / u.groups)`;
  const means = wide
    ? `${[0, 1, 2, 3].map((lane) => `let m${lane} = means[${group(lane)}];`).join(' ')}
  let first = vec4(m0.x, m1.x, m2.x, m3.x); let second = vec4(m0.y, m1.y, m2.y, m3.y);`
    : `let m = means[${group(0)}]; let first = m.x; let second = m.y;`;
  return program({
    name: 'norm.inputGradient',
    uniforms: NORM_UNIFORMS,
    inputs: { x: element, statistics: 'vec2<f32>', gamma: element, beta: element, g: element, means: 'vec2<f32>' },
    outputs: { dx: element },
    workgroupSize: 64,
    declarations: silu ? mathFunctions('siluSlope4(') : '',
    body: `
  if (gid >= u.n) { return; }
  let channels = u.channels / ${wide ? 4 : 1}u;
  let at = gid;
  let c = gid % channels;
  let picture = gid / channels / u.pixels;
  ${loadStatistics(wide)}
  ${means}
  ${upstream(wide, silu)}
  dx[gid] = ${element}((${register}(gamma[c]) * d - first - h * second) * scale);`,
  });
});
