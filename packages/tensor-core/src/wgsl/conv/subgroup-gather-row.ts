import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { defineKernel, program } from '../program.ts';
import { SUBGROUP } from '../subgroup-tile.ts';
import { GATHER_UNIFORMS } from './coordinates.ts';
import { gatherLanes, type Width } from './subgroup-lanes.ts';

/** Pixels a workgroup makes from so many loads of eight columns each. */
export const rowPixels = (loads: number, columns: number): number => SUBGROUP * loads - columns + 1;

/**
 * Software family with subgroups of eight, stride and dilation 1, forward and input gradient (see gather.ts for the sums): like
 * subgroup-gather.ts, but each column of the input is loaded once for a row of `columns` taps. For that the output is walked as if
 * its rows were `columns` − 1 pixels longer; what is made for these is not stored.
 */
export const subgroupGatherRow = defineKernel(
  (rows: number, columns: number, loads: number, width: Width, transposed: boolean, bias: boolean, dtype: DType) => {
    const register = width === 1 ? 'f32' : `vec${width}<f32>`;
    const element = width === 1 ? dtype : `vec${width}<${dtype}>`;
    const pixels = rowPixels(loads, columns);
    const last = columns - 1;
    return program({
      name: transposed ? 'conv2d.inputGradient' : 'conv2d',
      uniforms: GATHER_UNIFORMS,
      inputs: { x: dtype, w: element, ...(bias && { b: element }) },
      outputs: { y: element },
      workgroupSize: SUBGROUP,
      body: `
  ${gatherLanes(pixels, width)}
  let walked = u.outWidth + ${last}u;
  ${lines(loads, (n) => placeOf(n, transposed ? `${last} - u.left` : 'u.left'))}
  let start = ${bias ? `${register}(b[o])` : `${register}(0.0)`};
  ${lines(pixels, (p) => `var sum${p} = start;`)}
  for (var kr = 0; kr < ${rows}; kr++) {
    ${lines(loads, (n) => rowOf(n, transposed))}
    var weight = u32(kr) * ${columns}u * perGroup * channels + o;
    for (var i = 0u; i < perGroup; i++) {
      ${lines(loads, (n) => `let x${n} = select(0.0, f32(x[at${n} + i]), ok${n});`)}
      ${lines(columns, (t) => `let w${t} = ${register}(w[weight + ${transposed ? last - t : t}u * perGroup * channels]);`)}
      ${lines(pixels + last, (s) => column(s, columns, pixels))}
      weight += channels;
    }
  }
  if (lane >= vectors) { return; }
  ${lines(pixels, (p) => `{ let at = first + ${p}u; if (at < u.limit && at % walked < u.outWidth) { y[(at / walked * u.outWidth + at % walked) * channels + o] = ${element}(sum${p}); } }`)}`,
    });
  },
);

/** Column, row and picture of what an invocation loads, before the shift by the kernel's rows. */
const placeOf = (n: number, left: string): string => `let place${n} = first + ${SUBGROUP * n}u + lid;
  let c${n} = i32(place${n} % walked) - (${left});
  let line${n} = place${n} / walked;`;

const rowOf = (n: number, transposed: boolean): string =>
  `let r${n} = i32(line${n} % u.outHeight) ${transposed ? '- kr + u.top' : '+ kr - u.top'};
    let ok${n} = c${n} >= 0 && c${n} < i32(u.inWidth) && r${n} >= 0 && r${n} < i32(u.inHeight) && place${n} < u.limit;
    let at${n} = select(0u, ((line${n} / u.outHeight * u.inHeight + u32(r${n})) * u.inWidth + u32(c${n})) * u.inChannels, ok${n}) + group * perGroup;`;

/** One loaded column, broadcast once and multiplied for every pixel that has it under a tap. */
function column(s: number, columns: number, pixels: number): string {
  const pairs = Array.from({ length: columns }, (_, t) => [t, s - t] as const).filter(([, p]) => p >= 0 && p < pixels);
  const products = pairs.map(([t, p]) => `sum${p} += b${s} * w${t};`).join(' ');
  return `let b${s} = subgroupBroadcast(x${Math.floor(s / SUBGROUP)}, ${s % SUBGROUP}u); ${products}`;
}
