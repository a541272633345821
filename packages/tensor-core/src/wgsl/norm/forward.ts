import type { DType } from '../../dtype.ts';
import { mathFunctions } from '../math.ts';
import { defineKernel, program } from '../program.ts';
import { sliceBegin } from '../slices.ts';

/** Extents of x [pictures, pixels, channels], whose pixels are cut into slices and channels into groups. */
export const NORM_UNIFORMS = 'n: u32, pixels: u32, channels: u32, slices: u32, groups: u32, eps: f32';

/**
 * Per picture, slice and channel: mean and summed squared distance from it, in two passes over the slice.
 * Never E[x²] − E[x]²: that loses all digits when the mean is large against the deviation.
 */
export const sliceMoments = defineKernel((wide: boolean, dtype: DType) => {
  const register = wide ? 'vec4<f32>' : 'f32';
  const lanes = wide ? 4 : 1;
  return program({
    name: 'norm.moments',
    uniforms: NORM_UNIFORMS,
    inputs: { x: wide ? `vec4<${dtype}>` : dtype },
    outputs: { moments: register },
    workgroupSize: 32,
    declarations: sliceBegin,
    body: `
  if (gid >= u.n) { return; }
  let channels = u.channels / ${lanes}u;
  let slice = gid / channels % u.slices;
  let first = sliceBegin(slice, u.pixels, u.slices);
  let end = sliceBegin(slice + 1u, u.pixels, u.slices);
  let base = gid / channels / u.slices * u.pixels * channels + gid % channels;
  var total = ${register}(0.0);
  for (var i = first; i < end; i++) { total += ${register}(x[base + i * channels]); }
  let mean = total / f32(end - first);
  var spread = ${register}(0.0);
  for (var i = first; i < end; i++) { let d = ${register}(x[base + i * channels]) - mean; spread += d * d; }
  moments[2u * gid] = mean;
  moments[2u * gid + 1u] = spread;`,
  });
});

/** Per picture and group: mean and 1 / deviation, from the slices' moments in a fixed order (Chan et al. 1979). */
export const groupMoments = defineKernel((wide: boolean) =>
  program({
    name: 'norm.groups',
    uniforms: NORM_UNIFORMS,
    inputs: { moments: 'f32' },
    outputs: { statistics: 'vec2<f32>' },
    workgroupSize: 32,
    declarations: sliceBegin,
    body: `
  if (gid >= u.n) { return; }
  let picture = gid / u.groups;
  let width = u.channels / u.groups;
  let from_channel = gid % u.groups * width;
  var count = 0.0; var mean = 0.0; var spread = 0.0;
  for (var slice = 0u; slice < u.slices; slice++) {
    let added = f32(sliceBegin(slice + 1u, u.pixels, u.slices) - sliceBegin(slice, u.pixels, u.slices));
    for (var c = from_channel; c < from_channel + width; c++) {
      let row = (picture * u.slices + slice) * u.channels;
      ${wide ? 'let at = 2u * (row + c - c % 4u) + c % 4u;' : 'let at = 2u * (row + c);'}
      let shift = moments[at] - mean;
      count += added;
      mean += shift * added / count;
      spread += moments[at + ${wide ? 4 : 1}u] + shift * shift * added * (count - added) / count;
    }
  }
  statistics[gid] = vec2(mean, inverseSqrt(spread / count + u.eps));`,
  }),
);

/** y = (x − mean) / deviation · gamma + beta, then SiLU where asked. */
export const normalise = defineKernel((wide: boolean, silu: boolean, dtype: DType) => {
  const lanes = wide ? 4 : 1;
  const register = wide ? 'vec4<f32>' : 'f32';
  const element = wide ? `vec4<${dtype}>` : dtype;
  return program({
    name: silu ? 'norm.silu' : 'norm',
    uniforms: NORM_UNIFORMS,
    inputs: { x: element, statistics: 'vec2<f32>', gamma: element, beta: element },
    outputs: { y: element },
    workgroupSize: 64,
    declarations: silu ? mathFunctions('sigmoid4(') : '',
    body: `
  if (gid >= u.n) { return; }
  let channels = u.channels / ${lanes}u;
  let c = gid % channels;
  let picture = gid / channels / u.pixels;
  ${loadStatistics(wide)}
  let z = (${register}(x[gid]) - mean) * scale * ${register}(gamma[c]) + ${register}(beta[c]);
  y[gid] = ${element}(${silu ? (wide ? 'z * sigmoid4(z)' : 'z * sigmoid4(vec4(z)).x') : 'z'});`,
  });
});

/** Declares `mean` and `scale` of channel `c` (four when `wide`) of `picture`. */
export function loadStatistics(wide: boolean): string {
  const group = (lane: number): string =>
    `picture * u.groups + (c * ${wide ? 4 : 1}u + ${lane}u) / (u.channels / u.groups)`;
  if (!wide) return `let s = statistics[${group(0)}]; let mean = s.x; let scale = s.y;`;
  const loads = [0, 1, 2, 3].map((lane) => `let s${lane} = statistics[${group(lane)}];`).join(' ');
  return `${loads}
  let mean = vec4(s0.x, s1.x, s2.x, s3.x);
  let scale = vec4(s0.y, s1.y, s2.y, s3.y);`;
}
