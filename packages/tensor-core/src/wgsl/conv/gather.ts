import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { defineKernel, program } from '../program.ts';
import { GATHER_UNIFORMS, invalid, source } from './coordinates.ts';

/** How many output channels an invocation makes. */
export type Lanes = 16 | 8 | 4 | 1;

/**
 * Software family, forward and input gradient: an invocation makes `pixels` neighbours of a row times `lanes` output channels
 * in registers. On lavapipe every number loaded costs a gather, whether its address is uniform or not, so that only the
 * square of the tile counts: pixels · lanes multiplications for pixels + lanes loads.
 *
 * forward      y[b, r, c, o] = Σ x[b, r·stride + kr·dilation − top, ...] · w[kr, kc, i, o]
 * transposed   y[b, r, c, o] = Σ x[b, (r + top − kr·dilation) / stride, ...] · w[kr, kc, i, o], where the quotient is whole
 */
export const gatherKernel = defineKernel(
  (
    rows: number,
    columns: number,
    pixels: number,
    inputVector: boolean,
    lanes: Lanes,
    transposed: boolean,
    bias: boolean,
    dtype: DType,
  ) => {
    const step = inputVector ? 4 : 1;
    const vectors = Math.max(1, lanes / 4);
    const register = lanes === 1 ? 'f32' : 'vec4<f32>';
    const element = lanes === 1 ? dtype : `vec4<${dtype}>`;
    const pixel = (line: (p: number) => string): string => lines(pixels, line);
    const cell = (line: (p: number, v: number) => string): string =>
      lines(pixels * vectors, (n) => line(Math.floor(n / vectors), n % vectors));
    return program({
      name: transposed ? 'conv2d.inputGradient' : 'conv2d',
      uniforms: GATHER_UNIFORMS,
      inputs: { x: inputVector ? `vec4<${dtype}>` : dtype, w: element, ...(bias && { b: element }) },
      outputs: { y: element },
      workgroupSize: 32,
      body: `
  let channels = u.outChannels / ${Math.min(lanes, 4)}u;
  let blocks = channels / ${vectors}u;
  let o = gid % blocks * ${vectors}u;
  let tile = gid / blocks;
  if (tile >= u.limit) { return; }
  let tilesPerRow = (u.outWidth + ${pixels - 1}u) / ${pixels}u;
  let column = tile % tilesPerRow * ${pixels}u;
  let row = tile / tilesPerRow % u.outHeight;
  let picture = tile / tilesPerRow / u.outHeight;
  let perGroup = u.inChannels / u.groups;
  let first = o * ${Math.min(lanes, 4)}u / (u.outChannels / u.groups) * perGroup;
  ${cell((p, v) => `var sum${p}_${v} = ${register}(${bias ? `b[o + ${v}u]` : '0.0'});`)}
  for (var kr = 0u; kr < ${rows}u; kr++) {
    ${source('r', 'i32(row)', 'kr', 'u.top', transposed)}
    if (${invalid('r', 'u.inHeight', transposed)}) { continue; }
    let line = (picture * u.inHeight + u32(r)) * u.inWidth;
    for (var kc = 0u; kc < ${columns}u; kc++) {
      ${pixel((p) => source(`c${p}`, `i32(column + ${p}u)`, 'kc', 'u.left', transposed))}
      ${pixel((p) => `let ok${p} = !(${invalid(`c${p}`, 'u.inWidth', transposed)});`)}
      ${pixel((p) => `let at${p} = ((line + u32(clamp(c${p}, 0, i32(u.inWidth) - 1))) * u.inChannels + first) / ${step}u;`)}
      var weight = (kr * ${columns}u + kc) * perGroup * channels + o;
      for (var i = 0u; i < perGroup / ${step}u; i++) {
        ${pixel((p) => `let x${p} = ${inputVector ? `select(vec4(0.0), vec4<f32>(x[at${p} + i]), ok${p})` : `select(0.0, f32(x[at${p} + i]), ok${p})`};`)}
        ${lines(
          step,
          (k) => `${lines(vectors, (v) => `let w${k}_${v} = ${register}(w[weight + ${v}u]);`)} weight += channels;
        ${cell((p, v) => `sum${p}_${v} += x${p}${inputVector ? `.${'xyzw'[k]}` : ''} * w${k}_${v};`)}`,
        )}
      }
    }
  }
  let slot = ((picture * u.outHeight + row) * u.outWidth + column) * channels + o;
  ${cell((p, v) => `if (column + ${p}u < u.outWidth) { y[slot + ${p}u * channels + ${v}u] = ${element}(sum${p}_${v}); }`)}`,
    });
  },
);
