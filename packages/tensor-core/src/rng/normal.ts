/**
 * Standard normals by inverse distribution function in integers alone, so that CPU and GPU agree to the bit.
 * A random word is a sign and a 31-bit tail probability; the tail's octave (its leading zeros) and the next SEGMENT_BITS
 * bits choose a table entry, the bits below interpolate. Entries are fixed point with FRACTION_BITS, below 2^24, hence exact in f32.
 */
export const SEGMENT_BITS = 7;
export const FRACTION_BITS = 21;
const SEGMENTS = 1 << SEGMENT_BITS;
const OCTAVES = 31;

/** |z| at every segment edge: octave 0 is the tail probability [1/4, 1/2), octave k is 2^-k of it. Row-major [OCTAVES, SEGMENTS + 1]. */
export const normalTable: Uint32Array = buildTable();

function buildTable(): Uint32Array {
  const table = new Uint32Array(OCTAVES * (SEGMENTS + 1));
  for (let octave = 0; octave < OCTAVES; octave++)
    for (let edge = 0; edge <= SEGMENTS; edge++) {
      const tail = (1 + edge / SEGMENTS) * 2 ** -(octave + 2);
      table[octave * (SEGMENTS + 1) + edge] = Math.round(upperQuantile(tail) * 2 ** FRACTION_BITS);
    }
  return table;
}

/** The z with P(Z > z) = `tail`, for 0 < tail <= 1/2, by Newton's method on the tail integral. */
function upperQuantile(tail: number): number {
  if (tail === 0.5) return 0;
  let z = Math.sqrt(-2 * Math.log(tail)) * 0.8;
  for (let i = 0; i < 60; i++) {
    const ratio = millsRatio(z);
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const step = ratio * Math.log((density * ratio) / tail);
    z = Math.max(0, z + step);
    if (Math.abs(step) < 1e-14) break;
  }
  return z;
}

/** P(Z > z) / density(z): Taylor series below 2, Laplace's continued fraction above. */
function millsRatio(z: number): number {
  if (z < 2) {
    let term = z;
    let sum = z;
    for (let k = 1; k < 80; k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return Math.exp((z * z) / 2) * Math.sqrt(Math.PI / 2) - sum;
  }
  let fraction = z;
  for (let k = 200; k >= 1; k--) fraction = z + k / fraction;
  return 1 / fraction;
}

/** The standard normal that belongs to a uniform 32-bit word. Its error against the exact quantile is below 2e-5. */
export function normalFromBits(word: number): number {
  const tail = word & 0x7fffffff || 1;
  const octave = Math.clz32(tail) - 1;
  const mantissa = (tail << octave) & 0x3fffffff;
  const segment = mantissa >>> (30 - SEGMENT_BITS);
  const position = (mantissa >>> (18 - SEGMENT_BITS)) & 0xfff;
  const row = octave * (SEGMENTS + 1) + segment;
  const from = normalTable[row] as number;
  const to = normalTable[row + 1] as number;
  const magnitude = from - (((from - to) * position) >>> 12);
  return ((word >>> 31 ? -magnitude : magnitude) * 2 ** -FRACTION_BITS) as number;
}
