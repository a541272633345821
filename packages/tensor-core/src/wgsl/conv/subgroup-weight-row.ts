import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { defineKernel, program } from '../program.ts';
import { SUBGROUP } from '../subgroup-tile.ts';
import { type Width, weightLanes } from './subgroup-lanes.ts';
import { WEIGHT_GRADIENT_UNIFORMS } from './weight-gradient.ts';

/**
 * Software family with subgroups of eight, stride and dilation 1 (see weight-gradient.ts for the sum and its splits): a workgroup
 * makes a row of `columns` taps times `tileIn` input channels times 8 · width output channels of one group. Walking along a
 * picture row it loads each input column once, hands it from tap to tap, and multiplies each gradient with all of them.
 */
export const subgroupWeightRow = defineKernel((columns: number, tileIn: number, width: Width, dtype: DType) => {
  const register = width === 1 ? 'f32' : `vec${width}<f32>`;
  const loads = tileIn / SUBGROUP;
  const each = (count: number, line: (tap: number, n: number) => string): string =>
    lines(columns * count, (k) => line(Math.floor(k / count), k % count));
  const last = columns - 1;
  return program({
    name: 'conv2d.weightGradient',
    uniforms: WEIGHT_GRADIENT_UNIFORMS,
    inputs: { x: dtype, g: width === 1 ? dtype : `vec${width}<${dtype}>` },
    outputs: { partial: register },
    workgroupSize: SUBGROUP,
    body: `
  ${weightLanes('kr', columns, tileIn, width)}
  ${each(tileIn, (t, i) => `var sum${t}_${i} = ${register}(0.0);`)}
  let rows = u.pictures * u.outHeight;
  let end = (split + 1u) * rows / u.splits;
  for (var line = split * rows / u.splits; line < end; line++) {
    let row = i32(line % u.outHeight) + i32(kr) - u.top;
    if (row < 0 || row >= i32(u.inHeight)) { continue; }
    let xRow = (line / u.outHeight * u.inHeight + u32(row)) * u.inWidth;
    let gRow = line * u.outWidth;
    ${each(loads, (t, n) => `var x${t}_${n} = 0.0;`)}
    for (var c = -${last}; c < i32(u.outWidth); c++) {
      let column = c + ${last} - u.left;
      let inside = column >= 0 && column < i32(u.inWidth);
      let xAt = (xRow + u32(clamp(column, 0, i32(u.inWidth) - 1))) * u.inChannels;
      ${lines(last * loads, (k) => `x${Math.floor(k / loads)}_${k % loads} = x${Math.floor(k / loads) + 1}_${k % loads};`)}
      ${lines(loads, (n) => `x${last}_${n} = select(0.0, f32(x[xAt + i${n}]), inside);`)}
      if (c < 0) { continue; }
      let w = ${register}(g[(gRow + u32(c)) * channels + o]);
      ${each(tileIn, (t, i) => `sum${t}_${i} += subgroupBroadcast(x${t}_${Math.floor(i / SUBGROUP)}, ${i % SUBGROUP}u) * w;`)}
    }
  }
  if (lane >= vectors) { return; }
  let base = (split * u.taps + kr * ${columns}u) * perGroup + tileI * ${tileIn}u;
  ${each(tileIn, (t, i) => `if (tileI * ${tileIn}u + ${i}u < perGroup) { partial[(base + ${t}u * perGroup + ${i}u) * channels + o] = sum${t}_${i}; }`)}`,
  });
});
