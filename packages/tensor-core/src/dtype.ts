import { DTypeError } from './errors.ts';

export type DType = 'f32' | 'f16' | 'i32' | 'u32';
export type TypedArray = Float32Array | Int32Array | Uint32Array;
export type NumericData = ArrayLike<number>;

export const bytesPerElement = (dtype: DType): number => (dtype === 'f16' ? 2 : 4);
export const isFloat = (dtype: DType): boolean => dtype === 'f32' || dtype === 'f16';

/** The bytes the GPU stores for `data` as `dtype`; f16 is rounded to nearest even. */
export function encode(data: NumericData, dtype: DType): Uint8Array {
  const typed = encodeTyped(data, dtype);
  return new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
}

function encodeTyped(data: NumericData, dtype: DType): Uint16Array | TypedArray {
  switch (dtype) {
    case 'f32':
      return data instanceof Float32Array ? data : Float32Array.from(data);
    case 'i32':
      return data instanceof Int32Array ? data : Int32Array.from(data);
    case 'u32':
      return data instanceof Uint32Array ? data : Uint32Array.from(data);
    case 'f16':
      return Uint16Array.from(data, floatToHalf);
  }
}

/** Stored bytes back to numbers: f16 comes back as `Float32Array`, the other dtypes as themselves. */
export function decode(bytes: ArrayBuffer, dtype: DType, size: number): TypedArray {
  switch (dtype) {
    case 'f32':
      return new Float32Array(bytes, 0, size);
    case 'i32':
      return new Int32Array(bytes, 0, size);
    case 'u32':
      return new Uint32Array(bytes, 0, size);
    case 'f16':
      return Float32Array.from(new Uint16Array(bytes, 0, size), halfToFloat);
  }
}

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** IEEE 754 binary16 bits of `value`, rounded to nearest even; overflow becomes infinity. */
export function floatToHalf(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude < 0x38800000) return sign | roundToEven(Math.abs(scratch[0] as number) * 2 ** 24);
  const rounded = magnitude - 0x38000000 + 0x0fff + ((magnitude >>> 13) & 1);
  return sign | (rounded >>> 13);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The number behind IEEE 754 binary16 bits. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Refuses dtypes outside `allowed`, naming op and argument. */
export function expectDType(op: string, argument: string, dtype: DType, allowed: readonly DType[]): void {
  if (allowed.includes(dtype)) return;
  throw new DTypeError(
    `${op}: ${argument} is ${dtype}, expected ${allowed.join(' or ')}; convert it with cast(x, '${allowed[0]}')`,
  );
}
