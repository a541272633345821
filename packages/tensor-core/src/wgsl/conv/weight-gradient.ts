import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { defineKernel, program } from '../program.ts';

/** How many channels an invocation holds at a time along one axis. */
export type ChannelTile = 8 | 4 | 1;

export const WEIGHT_GRADIENT_UNIFORMS = [
  'groupsOut: u32, tilesIn: u32, taps: u32, columns: u32, splits: u32',
  'pictures: u32, inHeight: u32, inWidth: u32, inChannels: u32, outHeight: u32, outWidth: u32, outChannels: u32',
  'strideRows: i32, strideColumns: i32, dilationRows: i32, dilationColumns: i32, top: i32, left: i32, groups: u32',
].join(', ');

/** Where a workgroup's tap reads, the picture rows of its split, and the columns whose input lies inside the picture: so the inner loop needs no test. */
export const weightGradientRange = `
  let rowShift = i32(tap / u.columns) * u.dilationRows - u.top;
  let columnShift = i32(tap % u.columns) * u.dilationColumns - u.left;
  let rows = u.pictures * u.outHeight;
  let start = split * rows / u.splits;
  let end = (split + 1u) * rows / u.splits;
  let firstColumn = max(0, (u.strideColumns - 1 - columnShift) / u.strideColumns);
  let lastColumn = min(i32(u.outWidth) - 1, (i32(u.inWidth) - 1 - columnShift + u.strideColumns) / u.strideColumns - 1);`;

/**
 * dw[kr, kc, i, o] = Σ x[b, r·stride + kr·dilation − top, ..., i] · g[b, r, c, o] over pictures and pixels.
 * An invocation makes one tap times `tileIn` x `tileOut` channels in registers; the invocations of a workgroup differ in o alone.
 * The sum over picture rows is cut into `splits`, each written to its own slice of `partial`, to be added in order afterwards.
 */
export const weightGradientKernel = defineKernel(
  (tileIn: ChannelTile, tileOut: ChannelTile, workgroupSize: number, dtype: DType) => {
    const inVectors = Math.max(1, tileIn / 4);
    const outVectors = Math.max(1, tileOut / 4);
    const outType = tileOut === 1 ? 'f32' : 'vec4<f32>';
    const grid = (line: (i: number, o: number) => string): string =>
      lines(tileIn * outVectors, (n) => line(Math.floor(n / outVectors), n % outVectors));
    const list = (count: number, line: (n: number) => string): string =>
      Array.from({ length: count }, (_, n) => line(n)).join(' ');
    const input = (i: number): string => (tileIn === 1 ? 'x0' : `x${i >> 2}.${'xyzw'[i & 3]}`);
    return program({
      name: 'conv2d.weightGradient',
      uniforms: WEIGHT_GRADIENT_UNIFORMS,
      inputs: { x: tileIn === 1 ? dtype : `vec4<${dtype}>`, g: tileOut === 1 ? dtype : `vec4<${dtype}>` },
      outputs: { partial: outType },
      workgroupSize,
      body: `
  let tileO = wg % u.groupsOut * ${workgroupSize}u + lid;
  let tileI = wg / u.groupsOut % u.tilesIn;
  let tap = wg / u.groupsOut / u.tilesIn % u.taps;
  let split = wg / u.groupsOut / u.tilesIn / u.taps;
  if (tileO * ${tileOut}u >= u.outChannels || split >= u.splits) { return; }
  let perGroup = u.inChannels / u.groups;
  let firstIn = tileO * ${tileOut}u / (u.outChannels / u.groups) * perGroup + tileI * ${tileIn}u;
  ${weightGradientRange}
  ${grid((i, o) => `var sum${i}_${o} = ${outType}(0.0);`)}
  for (var line = start; line < end; line++) {
    let row = i32(line % u.outHeight) * u.strideRows + rowShift;
    if (row < 0 || row >= i32(u.inHeight)) { continue; }
    let xRow = (line / u.outHeight * u.inHeight + u32(row)) * u.inWidth;
    let gRow = line * u.outWidth;
    for (var c = firstColumn; c <= lastColumn; c++) {
      let xAt = ((xRow + u32(c * u.strideColumns + columnShift)) * u.inChannels + firstIn) / ${Math.min(tileIn, 4)}u;
      let gAt = (gRow + u32(c)) * (u.outChannels / ${Math.min(tileOut, 4)}u) + tileO * ${outVectors}u;
      ${list(inVectors, (n) => `let x${n} = ${tileIn === 1 ? 'f32' : 'vec4<f32>'}(x[xAt + ${n}u]);`)}
      ${list(outVectors, (n) => `let g${n} = ${outType}(g[gAt + ${n}u]);`)}
      ${grid((i, o) => `sum${i}_${o} += ${input(i)} * g${o};`)}
    }
  }
  let stride = u.outChannels / ${Math.min(tileOut, 4)}u;
  let slot = ((split * u.taps + tap) * perGroup + tileI * ${tileIn}u) * stride + tileO * ${outVectors}u;
  ${grid((i, o) => `partial[slot + ${i}u * stride + ${o}u] = sum${i}_${o};`)}`,
    });
  },
);
