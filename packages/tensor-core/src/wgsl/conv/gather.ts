import type { DType } from '../../dtype.ts';
import { defineKernel, program } from '../program.ts';

/**
 * Software family, forward and input gradient: an invocation makes PIXELS neighbours of a row times LANES output channels in registers.
 * With `shared`, the invocations of a workgroup differ in output channel alone, so that, unless the convolution is `grouped`,
 * a pixel's address is the same for all of them: one scalar load instead of a gather, three times the speed on lavapipe.
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
    lanes: 1 | 4,
    shared: boolean,
    grouped: boolean,
    transposed: boolean,
    bias: boolean,
    dtype: DType,
  ) => {
    const step = inputVector ? 4 : 1;
    const register = lanes === 4 ? 'vec4<f32>' : 'f32';
    const element = lanes === 4 ? `vec4<${dtype}>` : dtype;
    const each = (line: (p: number) => string): string =>
      Array.from({ length: pixels }, (_, p) => line(p)).join('\n      ');
    return program({
      name: transposed ? 'conv2d.inputGradient' : 'conv2d',
      uniforms: GATHER_UNIFORMS,
      inputs: { x: inputVector ? `vec4<${dtype}>` : dtype, w: element, ...(bias && { b: element }) },
      outputs: { y: element },
      workgroupSize: shared ? 8 : 32,
      body: `
  let channels = u.outChannels / ${lanes}u;
  ${shared ? 'let blocks = (channels + 7u) / 8u;' : ''}
  let o = ${shared ? 'wg % blocks * 8u + lid' : 'gid % channels'};
  let tile = ${shared ? 'wg / blocks' : 'gid / channels'};
  if (o >= channels || tile >= u.tiles) { return; }
  let tilesPerRow = (u.outWidth + ${pixels - 1}u) / ${pixels}u;
  let column = tile % tilesPerRow * ${pixels}u;
  let row = tile / tilesPerRow % u.outHeight;
  let picture = tile / tilesPerRow / u.outHeight;
  let perGroup = u.inChannels / u.groups;
  let first = ${grouped ? `o * ${lanes}u / (u.outChannels / u.groups) * perGroup` : '0u'};
  ${each((p) => `var sum${p} = ${register}(${bias ? 'b[o]' : '0.0'});`)}
  for (var kr = 0u; kr < ${rows}u; kr++) {
    ${source('r', 'i32(row)', 'kr', 'u.top', transposed)}
    if (${invalid('r', 'u.inHeight', transposed)}) { continue; }
    let line = (picture * u.inHeight + u32(r)) * u.inWidth;
    for (var kc = 0u; kc < ${columns}u; kc++) {
      ${each((p) => source(`c${p}`, `i32(column + ${p}u)`, 'kc', 'u.left', transposed))}
      ${each((p) => `let ok${p} = !(${invalid(`c${p}`, 'u.inWidth', transposed)});`)}
      ${each((p) => `let at${p} = ((line + u32(clamp(c${p}, 0, i32(u.inWidth) - 1))) * u.inChannels + first) / ${step}u;`)}
      var weight = (kr * ${columns}u + kc) * perGroup * channels + o;
      for (var i = 0u; i < perGroup / ${step}u; i++) {
        ${taps(step, register)}
        ${each((p) => accumulate(p, inputVector))}
      }
    }
  }
  let slot = ((picture * u.outHeight + row) * u.outWidth + column) * channels + o;
  ${each((p) => `if (column + ${p}u < u.outWidth) { y[slot + ${p}u * channels] = ${element}(sum${p}); }`)}`,
    });
  },
);

export const GATHER_UNIFORMS = [
  'tiles: u32, inHeight: u32, inWidth: u32, inChannels: u32, outHeight: u32, outWidth: u32, outChannels: u32',
  'strideRows: i32, strideColumns: i32, dilationRows: i32, dilationColumns: i32, top: i32, left: i32, groups: u32',
].join(', ');

/** Declares the input coordinate `name` that output coordinate `at` reads through tap `k`. */
export function source(name: string, at: string, k: string, pad: string, transposed: boolean): string {
  const axis = k === 'kr' ? 'Rows' : 'Columns';
  if (!transposed) return `let ${name} = ${at} * u.stride${axis} + i32(${k}) * u.dilation${axis} - ${pad};`;
  return `let ${name}Far = ${at} + ${pad} - i32(${k}) * u.dilation${axis}; let ${name} = ${name}Far / u.stride${axis};`;
}

export function invalid(name: string, extent: string, transposed: boolean): string {
  const axis = extent === 'u.inHeight' ? 'Rows' : 'Columns';
  const outside = (value: string) => `${value} < 0 || ${name} >= i32(${extent})`;
  return transposed ? `${outside(`${name}Far`)} || ${name} * u.stride${axis} != ${name}Far` : outside(name);
}

function taps(step: number, register: string): string {
  const loads = Array.from(
    { length: step },
    (_, k) => `let w${k} = ${register}(w[weight${k > 0 ? ` + ${k}u * channels` : ''}]);`,
  );
  return `${loads.join(' ')} weight += ${step}u * channels;`;
}

function accumulate(p: number, inputVector: boolean): string {
  if (!inputVector) return `sum${p} += select(0.0, f32(x[at${p} + i]), ok${p}) * w0;`;
  return `let x${p} = select(vec4(0.0), vec4<f32>(x[at${p} + i]), ok${p}); sum${p} += x${p}.x * w0 + x${p}.y * w1 + x${p}.z * w2 + x${p}.w * w3;`;
}
