import { floatToHalf, halfToFloat } from '@diffad/tensor-core';
import { SafetensorsError } from './error.ts';

type Numbers = Float32Array | Int32Array | Uint32Array;

interface StoredDType {
  readonly bytes: number;
  readonly dtype: 'f32' | 'f16' | 'i32' | 'u32';
  decode(view: DataView, count: number): Numbers;
}

/** The bytes of a view where a typed array can stand on them: in place if they are aligned. Every WebGPU host is little-endian. */
const aligned = (view: DataView, bytes: number): [ArrayBuffer, number] =>
  view.byteOffset % bytes === 0
    ? [view.buffer as ArrayBuffer, view.byteOffset]
    : [view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer, 0];

function halves(view: DataView, count: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = halfToFloat(view.getUint16(2 * i, true));
  return values;
}

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
  F32: { bytes: 4, dtype: 'f32', decode: (view, n) => new Float32Array(...aligned(view, 4), n) },
  F16: { bytes: 2, dtype: 'f32', decode: halves },
  BF16: { bytes: 2, dtype: 'f32', decode: bfloats },
  I64: { bytes: 8, dtype: 'i32', decode: longs },
  I32: { bytes: 4, dtype: 'i32', decode: (view, n) => new Int32Array(...aligned(view, 4), n) },
  U32: { bytes: 4, dtype: 'u32', decode: (view, n) => new Uint32Array(...aligned(view, 4), n) },
};

/** The name under which numbers of ours are written, and their bytes each. */
export const WRITTEN = {
  f32: { name: 'F32', bytes: 4 },
  f16: { name: 'F16', bytes: 2 },
  i32: { name: 'I32', bytes: 4 },
  u32: { name: 'U32', bytes: 4 },
} as const satisfies Readonly<Record<StoredDType['dtype'], { name: string; bytes: number }>>;

/** Numbers as they are written. Throws SafetensorsError, naming the tensor, where an integer dtype cannot hold one. */
export function encode(name: string, dtype: StoredDType['dtype'], data: ArrayLike<number>): Uint8Array {
  const values = arrayOf(dtype, data);
  const integral = dtype === 'i32' || dtype === 'u32';
  const lost = integral ? values.findIndex((value, i) => value !== data[i]) : -1;
  if (lost >= 0) throw new SafetensorsError(`${name}: element ${lost} is ${data[lost]}, which is no ${dtype}`);
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function arrayOf(dtype: StoredDType['dtype'], data: ArrayLike<number>): Numbers | Uint16Array {
  if (dtype === 'i32') return Int32Array.from(data);
  if (dtype === 'u32') return Uint32Array.from(data);
  if (dtype === 'f16') return Uint16Array.from(data, floatToHalf);
  return data instanceof Float32Array ? data : Float32Array.from(data);
}
