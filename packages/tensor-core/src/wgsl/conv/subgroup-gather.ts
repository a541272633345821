import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { defineKernel, program } from '../program.ts';
import { outerProduct, STEPS, SUBGROUP } from '../subgroup-tile.ts';
import { GATHER_UNIFORMS, invalid, source } from './coordinates.ts';
import { gatherLanes, type Width } from './subgroup-lanes.ts';

/**
 * Software family with subgroups of eight, forward and input gradient (see gather.ts for the sums): a workgroup makes `pixels`
 * pixels, in the order of memory, times 8 · width output channels of one group. Each pixel is loaded by one invocation,
 * four channels at a time when `wide`.
 */
export const subgroupGather = defineKernel(
  (
    rows: number,
    columns: number,
    pixels: number,
    wide: boolean,
    width: Width,
    transposed: boolean,
    bias: boolean,
    dtype: DType,
  ) => {
    const steps = wide ? STEPS : 1;
    const register = width === 1 ? 'f32' : `vec${width}<f32>`;
    const element = width === 1 ? dtype : `vec${width}<${dtype}>`;
    const loads = pixels / SUBGROUP;
    return program({
      name: transposed ? 'conv2d.inputGradient' : 'conv2d',
      uniforms: GATHER_UNIFORMS,
      inputs: { x: wide ? `vec4<${dtype}>` : dtype, w: element, ...(bias && { b: element }) },
      outputs: { y: element },
      workgroupSize: SUBGROUP,
      declarations: PLACE,
      body: `
  ${gatherLanes(pixels, width)}
  ${lines(loads, (n) => `let place${n} = place(min(first + ${SUBGROUP * n}u + lid, u.limit - 1u));`)}
  let start = ${bias ? `${register}(b[o])` : `${register}(0.0)`};
  ${lines(pixels, (p) => `var sum${p} = start;`)}
  for (var kr = 0u; kr < ${rows}u; kr++) {
    ${lines(loads, (n) => rowOf(n, transposed))}
    for (var kc = 0u; kc < ${columns}u; kc++) {
      ${lines(loads, (n) => columnOf(n, transposed))}
      var weight = (kr * ${columns}u + kc) * perGroup * channels + o;
      for (var i = 0u; i < perGroup; i += ${steps}u) {
      ${lines(steps, (k) => `let w${k} = ${register}(w[weight + ${k}u * channels]);`)}
      ${lines(loads, (n) => loadPixel(n, wide))}
      ${outerProduct(pixels, steps)}
      weight += ${steps}u * channels;
      }
    }
  }
  if (lane >= vectors) { return; }
  ${lines(pixels, (p) => `if (first + ${p}u < u.limit) { y[(first + ${p}u) * channels + o] = ${element}(sum${p}); }`)}`,
    });
  },
);

/** The next channels of pixel `n` of this invocation, zeros outside the picture. */
const loadPixel = (n: number, wide: boolean): string =>
  wide
    ? `let four${n} = select(vec4(0.0), vec4<f32>(x[(at${n} + i) / 4u]), ok${n});
      ${lines(STEPS, (k) => `let x${n}_${k} = four${n}[${k}];`)}`
    : `let x${n}_0 = select(0.0, f32(x[at${n} + i]), ok${n});`;

/** Column, row and picture of an output pixel. */
const PLACE = `fn place(pixel: u32) -> vec3<u32> {
  return vec3(pixel % u.outWidth, pixel / u.outWidth % u.outHeight, pixel / u.outWidth / u.outHeight);
}`;

const rowOf = (n: number, transposed: boolean): string =>
  `${source(`r${n}`, `i32(place${n}.y)`, 'kr', 'u.top', transposed)}
    let row${n} = !(${invalid(`r${n}`, 'u.inHeight', transposed)});
    let line${n} = (place${n}.z * u.inHeight + u32(clamp(r${n}, 0, i32(u.inHeight) - 1))) * u.inWidth;`;

const columnOf = (n: number, transposed: boolean): string =>
  `${source(`c${n}`, `i32(place${n}.x)`, 'kc', 'u.left', transposed)}
      let ok${n} = row${n} && !(${invalid(`c${n}`, 'u.inWidth', transposed)});
      let at${n} = (line${n} + u32(clamp(c${n}, 0, i32(u.inWidth) - 1))) * u.inChannels + group * perGroup;`;
