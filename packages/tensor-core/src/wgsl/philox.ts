import { FRACTION_BITS, SEGMENT_BITS } from '../rng/normal.ts';

/** Fields that place a draw: key, stream and first block; see `RngDraw`. */
export const PHILOX_UNIFORMS = 'key0: u32, key1: u32, stream0: u32, stream1: u32, block0: u32, block1: u32';

/** Philox4x32-10 in WGSL: `randomWords(block)` gives the four words of a block counted from the draw's first. */
export const philoxFunctions = `
fn multiplyHigh(a: u32, b: u32) -> u32 {
  let middle = (a >> 16u) * (b & 0xffffu) + (((a & 0xffffu) * (b & 0xffffu)) >> 16u);
  let carry = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (middle >> 16u) + (carry >> 16u);
}
fn randomWords(block: u32) -> vec4<u32> {
  let low = u.block0 + block;
  var c = vec4(low, u.block1 + select(0u, 1u, low < block), u.stream0, u.stream1);
  var k = vec2(u.key0, u.key1);
  for (var round = 0; round < 10; round++) {
    c = vec4(
      multiplyHigh(0xcd9e8d57u, c.z) ^ c.y ^ k.x, 0xcd9e8d57u * c.z,
      multiplyHigh(0xd2511f53u, c.x) ^ c.w ^ k.y, 0xd2511f53u * c.x);
    k += vec2(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}
fn uniform01(words: vec4<u32>) -> vec4<f32> { return vec4<f32>(words >> vec4(8u)) * ${2 ** -24}; }
`;

const edges = 2 ** SEGMENT_BITS + 1;

/** The integer inverse of the normal distribution function, from an array \`table\`; see rng/normal.ts. */
export const normalFunction = `
fn normalOf(word: u32) -> f32 {
  let bits = max(word & 0x7fffffffu, 1u);
  let octave = countLeadingZeros(bits) - 1u;
  let mantissa = (bits << octave) & 0x3fffffffu;
  let row = octave * ${edges}u + (mantissa >> ${30 - SEGMENT_BITS}u);
  let position = (mantissa >> ${18 - SEGMENT_BITS}u) & 0xfffu;
  let magnitude = table[row] - (((table[row] - table[row + 1u]) * position) >> 12u);
  return select(1.0, -1.0, (word >> 31u) == 1u) * f32(magnitude) * ${2 ** -FRACTION_BITS};
}
`;
