import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { defineKernel, program } from '../program.ts';
import { sliceBegin } from '../slices.ts';
import { cellPlace, DEPTH, partOf, type Side, workgroupTile } from '../workgroup-tile.ts';
import { WEIGHT_GRADIENT_UNIFORMS } from './weight-gradient.ts';

/**
 * GPU family (see weight-gradient.ts for the sum), as the product of a matrix of taps and channels by pixels, which is only
 * ever made tile by tile, with the gradient. A workgroup makes `side` weights x `side` output channels of one group, from one
 * split of the pixels: partial is [splits, taps, channels of a group, output channels].
 * `wide` moves four channels at a time: those of a group, in and out, divide by four.
 */
export const gpuWeightGradient = defineKernel((side: Side, wide: boolean, dtype: DType) => {
  const tile = workgroupTile(side, 'across', 'across');
  const stage = [
    ...tile.left.map(({ at, term, slot }) => `${slot} = inputs(row + ${at}, base + ${term}, group);`),
    ...tile.right.map(({ at, term, slot }) => `${slot} = gradients(first + ${at}, base + ${term}, group);`),
  ];
  const store = (r: number): string => {
    const first = `(split * height + row + ${tile.row(r)}) * u.outChannels + o`;
    const one = (c: number): string => `if (n + ${c}u < perGroup) { partial[${first} + ${c}u] = sum${r}[${c}]; }`;
    const four = `if (n < perGroup) { partial[(${first}) / 4u] = sum${r}; }`;
    return `if (row + ${tile.row(r)} < height) { ${wide ? four : lines(4, one)} }`;
  };
  const array = (type: DType): string => (wide ? `vec4<${type}>` : type);
  return program({
    name: 'conv2d.weightGradient',
    uniforms: WEIGHT_GRADIENT_UNIFORMS,
    inputs: { x: array(dtype), g: array(dtype) },
    outputs: { partial: array('f32') },
    workgroupSize: tile.workgroupSize,
    declarations: [tile.declarations, sliceBegin, inputs(wide), gradients(wide)].join('\n'),
    body: `
  let perGroup = u.outChannels / u.groups;
  let across = u.groupsOut / u.groups;
  let first = wg % across * ${side}u;
  let group = wg / across % u.groups;
  let row = wg / u.groupsOut % u.tilesIn * ${side}u;
  let split = wg / u.groupsOut / u.tilesIn;
  if (split >= u.splits) { return; }
  let height = u.taps * (u.inChannels / u.groups);
  let slices = (u.pictures * u.outHeight * u.outWidth + ${DEPTH - 1}u) / ${DEPTH}u;
  ${cellPlace(side)}
  let n = first + 4u * cellX;
  let o = group * perGroup + n;
  ${lines(tile.cellRows, (r) => `var sum${r} = vec4(0.0);`)}
  ${tile.product(...partOf('split'), stage.join('\n      '))}
  ${lines(tile.cellRows, store)}`,
  });
});

/** What output pixel `pixel` read for the weights of rows m to m + 3, a row being a tap and a channel; zeros outside the picture. */
const inputs = (wide: boolean): string => `fn place(tap: u32, pixel: u32) -> i32 {
  let picture = pixel / u.outWidth / u.outHeight;
  let r = i32(pixel / u.outWidth % u.outHeight) * u.strideRows + i32(tap / u.columns) * u.dilationRows - u.top;
  let c = i32(pixel % u.outWidth) * u.strideColumns + i32(tap % u.columns) * u.dilationColumns - u.left;
  let outside = tap >= u.taps || picture >= u.pictures || r < 0 || r >= i32(u.inHeight) || c < 0 || c >= i32(u.inWidth);
  return select((i32(picture * u.inHeight) + r) * i32(u.inWidth) + c, -1, outside);
}
fn inputs(m: u32, pixel: u32, group: u32) -> vec4<f32> {
  let perGroup = u.inChannels / u.groups;
  ${
    wide
      ? `let at = place(m / perGroup, pixel);
  if (at < 0) { return vec4(0.0); }
  return vec4<f32>(x[(u32(at) * u.inChannels + group * perGroup + m % perGroup) / 4u]);`
      : `var four = vec4(0.0);
  for (var i = 0u; i < 4u; i++) {
    let at = place((m + i) / perGroup, pixel);
    if (at >= 0) { four[i] = f32(x[u32(at) * u.inChannels + group * perGroup + (m + i) % perGroup]); }
  }
  return four;`
  }
}`;

/** The gradient of output channels n to n + 3 of a group at a pixel. */
const gradients = (wide: boolean): string => `fn gradients(n: u32, pixel: u32, group: u32) -> vec4<f32> {
  let perGroup = u.outChannels / u.groups;
  if (n >= perGroup || pixel >= u.pictures * u.outHeight * u.outWidth) { return vec4(0.0); }
  let first = pixel * u.outChannels + group * perGroup + n;
  ${
    wide
      ? 'return vec4<f32>(g[first / 4u]);'
      : `var four = vec4(0.0);
  for (var i = 0u; i < min(4u, perGroup - n); i++) { four[i] = f32(g[first + i]); }
  return four;`
  }
}`;
