import type { DType } from '../../dtype.ts';
import { type Across, folding } from '../fold.ts';
import { mathFunctions } from '../math.ts';
import { defineKernel, program } from '../program.ts';
import { sliceBegin } from '../slices.ts';

/** What follows the affine map in the same kernel; `math.ts` has it as `name4` and its slope as `nameSlope4`. */
export type NormActivation = 'none' | 'silu' | 'relu';

/** Extents of x [pictures, pixels, channels], whose pixels are cut into slices, or for maps into runs of `run`, and channels into groups. */
export const NORM_UNIFORMS = 'n: u32, pixels: u32, channels: u32, slices: u32, groups: u32, eps: f32, run: u32';

/**
 * Corrects a mean that is off by the rounding of its sum and of a division (several units in the last place on some GPUs),
 * from the summed distances `drift` and squared distances `spread` of `count` numbers to it.
 */
const correct = (count: string): string => `drift /= f32(${count});
  mean += drift;
  spread -= f32(${count}) * drift * drift;`;

/**
 * Per picture, slice and channel: mean and summed squared distance from it, in two passes over the slice.
 * Never E[x²] − E[x]²: that loses all digits when the mean is large against the deviation.
 */
export const sliceMoments = defineKernel((wide: boolean, across: Across, dtype: DType) => {
  const register = wide ? 'vec4<f32>' : 'f32';
  const { workgroupSize, place, shared, sum } = folding(across, 0);
  return program({
    name: 'norm.moments',
    uniforms: NORM_UNIFORMS,
    inputs: { x: wide ? `vec4<${dtype}>` : dtype },
    outputs: { moments: register },
    workgroupSize,
    declarations: `${sliceBegin}\n${shared(register)}`,
    body: `
  let channels = u.channels / ${wide ? 4 : 1}u;
  ${place('channels')}
  let first = sliceBegin(part % u.slices, u.pixels, u.slices);
  let end = sliceBegin(part % u.slices + 1u, u.pixels, u.slices);
  let base = part / u.slices * u.pixels * channels + column;
  var mean = ${register}(0.0);
  for (var i = first + row; i < end; i += rows) { mean += ${register}(x[base + i * channels]); }
  ${sum('mean')}
  mean /= f32(end - first);
  var drift = ${register}(0.0);
  var spread = ${register}(0.0);
  for (var i = first + row; i < end; i += rows) { let d = ${register}(x[base + i * channels]) - mean; drift += d; spread += d * d; }
  ${sum('drift')}
  ${sum('spread')}
  ${correct('end - first')}
  if (row == 0u && inside) {
    let at = 2u * (part * channels + column);
    moments[at] = mean;
    moments[at + 1u] = spread;
  }`,
  });
});

/** Per picture and group: mean and 1 / deviation, from the slices' moments in a fixed order (Chan et al. 1979). */
export const groupMoments = defineKernel((wide: boolean, across: Across) => {
  const { workgroupSize, place, shared, fold } = folding(across, 0);
  return program({
    name: 'norm.groups',
    uniforms: NORM_UNIFORMS,
    inputs: { moments: 'f32' },
    outputs: { statistics: 'vec2<f32>' },
    workgroupSize,
    declarations: `${sliceBegin}
${shared('vec3<f32>')}
// Count, mean and summed squared distance of two sets together.
fn merge(a: vec3<f32>, b: vec3<f32>) -> vec3<f32> {
  if (b.x == 0.0) { return a; }
  let count = a.x + b.x;
  let shift = b.y - a.y;
  return vec3(count, a.y + shift * b.x / count, a.z + b.z + shift * shift * b.x * a.x / count);
}`,
    body: `${place('1u')}
  let width = u.channels / u.groups;
  let begin = part % u.groups * width;
  var total = vec3(0.0);
  for (var i = row; i < u.slices * width; i += rows) {
    let slice = i / width;
    let c = begin + i % width;
    let count = f32(sliceBegin(slice + 1u, u.pixels, u.slices) - sliceBegin(slice, u.pixels, u.slices));
    let first = (part / u.groups * u.slices + slice) * u.channels;
    ${wide ? 'let at = 2u * (first + c - c % 4u) + c % 4u;' : 'let at = 2u * (first + c);'}
    total = merge(total, vec3(count, moments[at], moments[at + ${wide ? 4 : 1}u]));
  }
  ${fold('total', (a, b) => `merge(${a}, ${b})`)}
  if (row == 0u) { statistics[part] = vec2(total.y, inverseSqrt(total.z / total.x + u.eps)); }`,
  });
});

/** The same straight from x: a group to a workgroup, or a small one to an invocation. */
export const wholeMoments = defineKernel((wide: boolean, across: Across, subgroup: number, dtype: DType) => {
  const { workgroupSize, place, shared, sum } = folding(across, subgroup);
  const value = wide ? 'vec4<f32>(x[at(part, i)])' : 'f32(x[at(part, i)])';
  const register = wide ? 'vec4<f32>' : 'f32';
  const total = (name: string): string => (wide ? `dot(${name}, vec4(1.0))` : name);
  return program({
    name: 'norm.moments',
    uniforms: NORM_UNIFORMS,
    inputs: { x: wide ? `vec4<${dtype}>` : dtype },
    outputs: { statistics: 'vec2<f32>' },
    workgroupSize,
    declarations: `${shared('f32')}
// Where number i of group \`part\` lies.
fn at(part: u32, i: u32) -> u32 {
  let width = u.channels / u.groups / ${wide ? 4 : 1}u;
  let pixel = part / u.groups * u.pixels + i / width;
  return (pixel * u.groups + part % u.groups) * width + i % width;
}`,
    body: `${place('1u')}
  let count = u.pixels * (u.channels / u.groups);
  let length = count / ${wide ? 4 : 1}u;
  var sums = ${register}(0.0);
  for (var i = row; i < length; i += rows) { sums += ${value}; }
  var mean = ${total('sums')};
  ${sum('mean')}
  mean /= f32(count);
  var drifts = ${register}(0.0);
  var squares = ${register}(0.0);
  for (var i = row; i < length; i += rows) { let d = ${value} - mean; drifts += d; squares += d * d; }
  var drift = ${total('drifts')};
  var spread = ${total('squares')};
  ${sum('drift')}
  ${sum('spread')}
  ${correct('count')}
  if (row == 0u) { statistics[part] = vec2(mean, inverseSqrt(spread / f32(count) + u.eps)); }`,
  });
});

/** y = (x − mean) / deviation · gamma + beta, then the activation where there is one. */
export const normalise = defineKernel((wide: boolean, alike: boolean, activation: NormActivation, dtype: DType) => {
  const register = wide ? 'vec4<f32>' : 'f32';
  const element = wide ? `vec4<${dtype}>` : dtype;
  const y = activation === 'none' ? 'z' : wide ? `${activation}4(z)` : `${activation}4(vec4(z)).x`;
  return program({
    name: activation === 'none' ? 'norm' : `norm.${activation}`,
    uniforms: NORM_UNIFORMS,
    inputs: { x: element, statistics: 'vec2<f32>', gamma: element, beta: element },
    outputs: { y: element },
    workgroupSize: 64,
    declarations: mathFunctions(y),
    body: `${mapRuns(wide, alike)}
    let z = (${register}(x[at]) - mean) * scale * slope + shift;
    y[at] = ${element}(${y});
  }`,
  });
});

/** Walks a run of pixels of one channel (four when `wide`), `at` each; what a channel needs is loaded once. Leaves a brace open. */
export const mapRuns = (wide: boolean, alike: boolean, more = ''): string => {
  const register = wide ? 'vec4<f32>' : 'f32';
  return `
  if (gid >= u.n) { return; }
  let channels = u.channels / ${wide ? 4 : 1}u;
  let c = gid % channels;
  let runs = (u.pixels + u.run - 1u) / u.run;
  let picture = gid / channels / runs;
  ${loadStatistics(wide, alike)}
  let slope = ${register}(gamma[c]);
  let shift = ${register}(beta[c]);
  ${more}
  let first = gid / channels % runs * u.run;
  for (var i = first; i < min(first + u.run, u.pixels); i++) {
    let at = (picture * u.pixels + i) * channels + c;`;
};

/** Declares `mean` and `scale` of channel `c` (four when `wide`) of `picture`. */
export const loadStatistics = (wide: boolean, alike: boolean): string =>
  loadPairs('statistics', 'mean', 'scale', wide, alike);

/** Declares the numbers of a pair per picture and group as `first` and `second`, one or, when `wide`, four: the same where channels are `alike`. */
export function loadPairs(array: string, first: string, second: string, wide: boolean, alike: boolean): string {
  const pair = (lane: number): string =>
    `${array}[picture * u.groups + (c * ${wide ? 4 : 1}u + ${lane}u) / (u.channels / u.groups)]`;
  const [real, lanes] = wide ? ['vec4<f32>', [0, 1, 2, 3]] : ['f32', [0]];
  if (alike || !wide)
    return `let ${array}0 = ${pair(0)}; let ${first} = ${real}(${array}0.x); let ${second} = ${real}(${array}0.y);`;
  const four = (axis: string): string => `vec4(${lanes.map((lane) => `${array}${lane}.${axis}`).join(', ')})`;
  return `${lanes.map((lane) => `let ${array}${lane} = ${pair(lane)};`).join(' ')}
  let ${first} = ${four('x')}; let ${second} = ${four('y')};`;
}
