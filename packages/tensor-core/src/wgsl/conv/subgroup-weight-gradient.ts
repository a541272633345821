import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { defineKernel, program } from '../program.ts';
import { outerProduct, STEPS, SUBGROUP } from '../subgroup-tile.ts';
import { type Width, weightLanes } from './subgroup-lanes.ts';
import { WEIGHT_GRADIENT_UNIFORMS, weightGradientRange } from './weight-gradient.ts';

/**
 * Software family with subgroups of eight (see weight-gradient.ts for the sum and its splits): a workgroup makes one tap
 * times `tileIn` input channels times 8 · width output channels of one group.
 */
export const subgroupWeightGradient = defineKernel((tileIn: number, width: Width, dtype: DType) => {
  const register = width === 1 ? 'f32' : `vec${width}<f32>`;
  const loads = tileIn / SUBGROUP;
  const step = (steps: number): string => `let xAt = (xRow + u32(c * u.strideColumns + columnShift)) * u.inChannels;
      let gAt = (gRow + u32(c)) * channels + o;
      ${lines(steps, (k) => `let w${k} = ${register}(g[gAt + ${k}u * channels]);`)}
      ${lines(loads * steps, (n) => `let x${n % loads}_${Math.floor(n / loads)} = f32(x[xAt + ${Math.floor(n / loads)}u * stride + i${n % loads}]);`)}
      ${outerProduct(tileIn, steps)}`;
  return program({
    name: 'conv2d.weightGradient',
    uniforms: WEIGHT_GRADIENT_UNIFORMS,
    inputs: { x: dtype, g: width === 1 ? dtype : `vec${width}<${dtype}>` },
    outputs: { partial: register },
    workgroupSize: SUBGROUP,
    body: `
  ${weightLanes('tap', 1, tileIn, width)}
  let stride = u32(u.strideColumns) * u.inChannels;
  ${lines(tileIn, (i) => `var sum${i} = ${register}(0.0);`)}
  ${weightGradientRange}
  for (var line = start; line < end; line++) {
    let row = i32(line % u.outHeight) * u.strideRows + rowShift;
    if (row < 0 || row >= i32(u.inHeight)) { continue; }
    let xRow = (line / u.outHeight * u.inHeight + u32(row)) * u.inWidth;
    let gRow = line * u.outWidth;
    var c = firstColumn;
    for (; c + ${STEPS - 1} <= lastColumn; c += ${STEPS}) {
      ${step(STEPS)}
    }
    for (; c <= lastColumn; c++) {
      ${step(1)}
    }
  }
  if (lane >= vectors) { return; }
  let base = (split * u.taps + tap) * perGroup;
  ${lines(tileIn, (i) => `if (tileI * ${tileIn}u + ${i}u < perGroup) { partial[(base + tileI * ${tileIn}u + ${i}u) * channels + o] = sum${i}; }`)}`,
  });
});
