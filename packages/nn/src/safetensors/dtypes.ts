import { SafetensorsError } from './error.ts';

type Numbers = Float32Array | Int32Array | Uint32Array;

interface StoredDType {
  readonly bytes: number;
  readonly dtype: 'f32' | 'f16' | 'i32' | 'u32';
  decode(view: DataView, count: number): Numbers;
}

function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const floats = (count: number, read: (i: number) => number): Float32Array => {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = read(i);
  return values;
};

function bfloats(view: DataView, count: number): Float32Array {
  const bits = new Uint32Array(count);
  for (let i = 0; i < count; i++) bits[i] = view.getUint16(2 * i, true) << 16;
  return new Float32Array(bits.buffer);
}

function longs(view: DataView, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    const value = view.getBigInt64(8 * i, true);
    if (value !== BigInt.asIntN(32, value)) throw new SafetensorsError(`an I64 element is ${value}, outside 32 bits`);
    return Number(value);
  });
}

/** What can be read, and as what. F16 and BF16 widen to f32, I64 must fit 32 bits. */
export const STORED: Readonly<Record<string, StoredDType>> = {
  F32: { bytes: 4, dtype: 'f32', decode: (view, n) => floats(n, (i) => view.getFloat32(4 * i, true)) },
  F16: { bytes: 2, dtype: 'f32', decode: (view, n) => floats(n, (i) => halfToFloat(view.getUint16(2 * i, true))) },
  BF16: { bytes: 2, dtype: 'f32', decode: bfloats },
  I64: { bytes: 8, dtype: 'i32', decode: longs },
  I32: {
    bytes: 4,
    dtype: 'i32',
    decode: (view, n) => Int32Array.from({ length: n }, (_, i) => view.getInt32(4 * i, true)),
  },
  U32: {
    bytes: 4,
    dtype: 'u32',
    decode: (view, n) => Uint32Array.from({ length: n }, (_, i) => view.getUint32(4 * i, true)),
  },
};

/** The name and the bytes under which numbers of ours are written: f32 and f16 as F32, integers as they are. */
export function encode(dtype: 'f32' | 'f16' | 'i32' | 'u32', data: ArrayLike<number>): Uint8Array {
  const values = dtype === 'i32' ? Int32Array.from(data) : dtype === 'u32' ? Uint32Array.from(data) : asFloats(data);
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

const asFloats = (data: ArrayLike<number>): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data);

export const storedName = (dtype: 'f32' | 'f16' | 'i32' | 'u32'): string =>
  ({ f32: 'F32', f16: 'F32', i32: 'I32', u32: 'U32' })[dtype];
