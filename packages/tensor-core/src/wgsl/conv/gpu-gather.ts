import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { defineKernel, program } from '../program.ts';
import { sliceBegin } from '../slices.ts';
import { cellPlace, DEPTH, partOf, type Side, workgroupTile } from '../workgroup-tile.ts';
import { GATHER_UNIFORMS, invalid, source } from './coordinates.ts';

/** Besides the extents: the kernel's size, over how many workgroups a sum is cut, and (see PHASES) every how many taps meet a phase. */
export const GPU_GATHER_UNIFORMS = `${GATHER_UNIFORMS}, rows: u32, columns: u32, splits: u32, tapStep: u32`;

/**
 * GPU family, forward and input gradient (see gather.ts for the sums), as the product of a matrix of pixels by taps and
 * channels, which is only ever made tile by tile, with the weights. A workgroup makes `side` pixels x `side` channels
 * of one group, of one part of the sum: y is [splits, pixels, channels]. All channels divide by four.
 *
 * `phased`, for a transposed stride: a workgroup's pixels agree in their remainder by the stride, and its sum runs over the
 * taps that meet it alone; the others would read between two steps. `limit` counts the pixels of a phase.
 */
export const gpuGather = defineKernel(
  (side: Side, transposed: boolean, phased: boolean, bias: boolean, dtype: DType, output: DType) => {
    const tile = workgroupTile(side, 'along', 'across');
    const element = `vec4<${dtype}>`;
    const stage = [
      ...tile.left.map(({ term, slot }, n) => `${slot} = pixels(place${n}, base + ${term}, taps, group);`),
      ...tile.right.map(({ at, term, slot }) => `${slot} = weights(first + ${at}, base + ${term}, taps, group);`),
    ];
    const store = (r: number): string => {
      const at = phased
        ? `let p = place(pixel + ${tile.row(r)}, phase); let at = ((p.z * u.outHeight + p.y) * u.outWidth + p.x) * u.outChannels + o;`
        : `let at = (part * u.limit + pixel + ${tile.row(r)}) * u.outChannels + o;`;
      const inside = phased ? ' && p.y < u.outHeight && p.x < u.outWidth' : '';
      return `{ ${at} if (n < perGroup && pixel + ${tile.row(r)} < u.limit${inside}) { y[at / 4u] = vec4<${output}>(sum${r}); } }`;
    };
    return program({
      name: transposed ? 'conv2d.inputGradient' : 'conv2d',
      uniforms: GPU_GATHER_UNIFORMS,
      inputs: { x: element, w: element, ...(bias && { b: element }) },
      outputs: { y: `vec4<${output}>` },
      workgroupSize: tile.workgroupSize,
      declarations: [tile.declarations, sliceBegin, phased ? PHASES : PLACE, pixels(transposed), weights(phased)].join(
        '\n',
      ),
      body: `
  let perGroup = u.outChannels / u.groups;
  let across = (perGroup + ${side - 1}u) / ${side}u;
  let down = (u.limit + ${side - 1}u) / ${side}u;
  let first = wg % across * ${side}u;
  let group = wg / across % u.groups;
  let pixel = wg / across / u.groups % down * ${side}u;
  let part = wg / across / u.groups / down;
  ${phased ? PHASE : SPLIT}
  let depth = taps.w * (u.inChannels / u.groups);
  let slices = (depth + ${DEPTH - 1}u) / ${DEPTH}u;
  ${cellPlace(side)}
  let n = first + 4u * cellX;
  let o = group * perGroup + n;
  ${lines(tile.left.length, (i) => `let place${i} = place(min(pixel + ${tile.left[i]?.at}, u.limit - 1u), phase);`)}
  var start = vec4(0.0);
  ${bias ? `if (${phased || 'part == 0u'}) { start = vec4<f32>(b[min(o, u.outChannels - 4u) / 4u]); }` : ''}
  ${lines(tile.cellRows, (r) => `var sum${r} = start;`)}
  ${tile.product(...(phased ? WHOLE : partOf('part')), stage.join('\n      '))}
  ${lines(tile.cellRows, store)}`,
    });
  },
);

/** All slices of a sum. */
const WHOLE: ReturnType<typeof partOf> = ['0u', 'depth'];

/** What workgroups of the same pixels and channels share out: the phases, or parts of the sum. */
const PHASE = `if (part >= u32(u.strideColumns * u.strideRows)) { return; }
  let phase = vec2(part % u32(u.strideColumns), part / u32(u.strideColumns));
  let taps = tapsOf(phase);`;
const SPLIT = `if (part >= u.splits) { return; }
  let phase = vec2(0u);
  let taps = vec4(0u, 0u, u.columns, u.rows * u.columns);`;

/** Column, row and picture of an output pixel. */
const PLACE = `fn place(pixel: u32, phase: vec2<u32>) -> vec3<u32> {
  return vec3(pixel % u.outWidth, pixel / u.outWidth % u.outHeight, pixel / u.outWidth / u.outHeight);
}`;

/** The same by phase; `tapsOf`: first row, first column, number of columns and number of all taps that meet a phase. */
const PHASES = `fn place(pixel: u32, phase: vec2<u32>) -> vec3<u32> {
  let stride = vec2(u32(u.strideColumns), u32(u.strideRows));
  let extent = (vec2(u.outWidth, u.outHeight) + stride - 1u) / stride;
  let at = vec2(pixel % extent.x, pixel / extent.x % extent.y) * stride + phase;
  return vec3(at, pixel / extent.x / extent.y);
}
fn tapsOf(phase: vec2<u32>) -> vec4<u32> {
  let row = firstTap(i32(phase.y) + u.top, u.strideRows, u.dilationRows);
  let column = firstTap(i32(phase.x) + u.left, u.strideColumns, u.dilationColumns);
  let count = (max(vec2(u.rows, u.columns), vec2(row, column)) - vec2(row, column) + u.tapStep - 1u) / u.tapStep;
  return vec4(row, column, count.y, count.x * count.y);
}
fn firstTap(shift: i32, stride: i32, dilation: i32) -> u32 {
  var tap = 0;
  while (tap < stride && (shift - tap * dilation) % stride != 0) { tap++; }
  return select(u32(tap), 0x7fffffffu, tap == stride);
}`;

/** Declares row `kr` and column `kc` of tap number `tap` of those in `taps`. */
const TAP = 'let kr = taps.x + tap / taps.z * u.tapStep; let kc = taps.y + tap % taps.z * u.tapStep;';

/** Four terms of a pixel's sum from term `k` on: channels of the input under a tap, zeros outside the picture. */
const pixels = (transposed: boolean): string =>
  `fn pixels(at: vec3<u32>, k: u32, taps: vec4<u32>, group: u32) -> vec4<f32> {
  let perGroup = u.inChannels / u.groups;
  let tap = k / perGroup;
  ${TAP}
  ${source('r', 'i32(at.y)', 'kr', 'u.top', transposed)}
  ${source('c', 'i32(at.x)', 'kc', 'u.left', transposed)}
  if (tap >= taps.w || ${invalid('r', 'u.inHeight', transposed)} || ${invalid('c', 'u.inWidth', transposed)}) { return vec4(0.0); }
  let below = (at.z * u.inHeight + u32(r)) * u.inWidth + u32(c);
  return vec4<f32>(x[(below * u.inChannels + group * perGroup + k % perGroup) / 4u]);
}`;

/** The weights of term `k` for output channels n to n + 3 of the group. */
const weights = (phased: boolean): string =>
  `fn weights(n: u32, k: u32, taps: vec4<u32>, group: u32) -> vec4<f32> {
  let perGroup = u.outChannels / u.groups;
  let channels = u.inChannels / u.groups;
  let tap = k / channels;
  if (n >= perGroup || tap >= taps.w) { return vec4(0.0); }
  ${phased ? `${TAP} let row = (kr * u.columns + kc) * channels + k % channels;` : 'let row = k;'}
  return vec4<f32>(w[(row * u.outChannels + group * perGroup + n) / 4u]);
}`;
