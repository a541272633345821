import type { DType } from '../dtype.ts';
import { defineKernel, program } from './program.ts';

export type Pool = 'max' | 'average';

export const POOL_UNIFORMS =
  'n: u32, height: i32, width: i32, outHeight: i32, outWidth: i32, channels: u32, size: i32, stride: i32, padding: i32';

const nanTest = (value: string): string => `(bitcast<u32>(${value}) & 0x7fffffffu) > 0x7f800000u`;

/** One channel, or four when `wide`: types of what is stored and of what is compared, and whether `value` is not a number. */
const lanes = (wide: boolean, dtype: DType) =>
  wide
    ? {
        element: `vec4<${dtype}>`,
        real: 'vec4<f32>',
        isNan: '(bitcast<vec4<u32>>(value) & vec4(0x7fffffffu)) > vec4(0x7f800000u)',
      }
    : { element: dtype, real: 'f32', isNan: nanTest('value') };

/** Walks the window of output (row, column): `visit` sees `at`, the place of each pixel inside the picture. */
const walk = (visit: string): string => `
  for (var r = max(row * u.stride - u.padding, 0); r < min(row * u.stride - u.padding + u.size, u.height); r++) {
    for (var c = max(column * u.stride - u.padding, 0); c < min(column * u.stride - u.padding + u.size, u.width); c++) {
      let at = u32((picture * u.height + r) * u.width + c) * u.channels + channel;
      ${visit}
    }
  }`;

/** Declares `count`, by which an average divides. */
const count = (pool: Pool, countPad: boolean): string => {
  if (pool === 'max') return '';
  if (countPad) return 'let count = f32(u.size * u.size);';
  const span = (at: string, extent: string): string =>
    `(min(${at} * u.stride - u.padding + u.size, ${extent}) - max(${at} * u.stride - u.padding, 0))`;
  return `let count = f32(${span('row', 'u.height')} * ${span('column', 'u.width')});`;
};

export const poolKernel = defineKernel((pool: Pool, countPad: boolean, wide: boolean, dtype: DType) => {
  const { element, real, isNan } = lanes(wide, dtype);
  const isMax = pool === 'max';
  return program({
    name: `${pool}Pool2d`,
    uniforms: POOL_UNIFORMS,
    inputs: { x: element },
    outputs: { y: element },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  let channel = gid % u.channels;
  let column = i32(gid / u.channels) % u.outWidth;
  let row = i32(gid / u.channels) / u.outWidth % u.outHeight;
  let picture = i32(gid / u.channels) / u.outWidth / u.outHeight;
  var result = ${real}(0.0);
  ${isMax ? 'var first = true;' : count(pool, countPad)}
  ${walk(`let value = ${real}(x[at]); ${isMax ? `if (first) { result = value; } result = select(result, value, (value > result) | (${isNan})); first = false;` : 'result += value;'}`)}
  y[gid] = ${element}(${isMax ? 'result' : 'result / count'});`,
  });
});

/** dx of one pixel: what it gets from every window it lies in; a maximum belongs to its first place in row-major order. */
export const poolGradientKernel = defineKernel((pool: Pool, countPad: boolean, dtype: DType) =>
  program({
    name: `${pool}Pool2d.grad`,
    uniforms: POOL_UNIFORMS,
    inputs: { ...(pool === 'max' && { x: dtype }), g: dtype },
    outputs: { dx: dtype },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  let channel = gid % u.channels;
  let ownColumn = i32(gid / u.channels) % u.width + u.padding;
  let ownRow = i32(gid / u.channels) / u.width % u.height + u.padding;
  let picture = i32(gid / u.channels) / u.width / u.height;
  var total = 0.0;
  for (var row = max((ownRow - u.size + u.stride) / u.stride, 0); row <= min(ownRow / u.stride, u.outHeight - 1); row++) {
    for (var column = max((ownColumn - u.size + u.stride) / u.stride, 0); column <= min(ownColumn / u.stride, u.outWidth - 1); column++) {
      let upstream = f32(g[u32((picture * u.outHeight + row) * u.outWidth + column) * u.channels + channel]);
      ${
        pool === 'average'
          ? `${count(pool, countPad)} total += upstream / count;`
          : `var best = -3.4028234e38; var owner = 0xffffffffu;
      ${walk(`let value = f32(x[at]); if (owner == 0xffffffffu || value > best || ${nanTest('value')}) { best = value; owner = at; }`)}
      if (owner == gid) { total += upstream; }`
      }
    }
  }
  dx[gid] = ${dtype}(total);`,
  }),
);

/** dx of max pooling whose windows tile the picture: each window writes its own pixels, `element` channels at a time. */
export const tiledMaxGradientKernel = defineKernel((wide: boolean, dtype: DType) => {
  const { element, real, isNan } = lanes(wide, dtype);
  const [bool, index] = wide ? ['vec4<bool>', 'vec4<i32>'] : ['bool', 'i32'];
  return program({
    name: 'maxPool2d.grad',
    uniforms: POOL_UNIFORMS,
    inputs: { x: element, g: element },
    outputs: { dx: element },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  let channel = gid % u.channels;
  let column = i32(gid / u.channels) % u.outWidth;
  let row = i32(gid / u.channels) / u.outWidth;
  let corner = u32((row * u.size) * u.width + column * u.size) * u.channels + channel;
  var best = ${real}(x[corner]);
  var owner = ${index}(0);
  for (var i = 1; i < u.size * u.size; i++) {
    let value = ${real}(x[corner + u32(i / u.size * u.width + i % u.size) * u.channels]);
    let better = (value > best) | (${isNan});
    best = select(best, value, better);
    owner = select(owner, ${index}(i), better);
  }
  for (var i = 0; i < u.size * u.size; i++) {
    let mine: ${bool} = owner == ${index}(i);
    dx[corner + u32(i / u.size * u.width + i % u.size) * u.channels] = select(${element}(0), g[gid], mine);
  }`,
  });
});
