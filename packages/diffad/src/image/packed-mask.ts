import { fromBase64, toBase64 } from './base64.ts';
import { createMask, type Mask } from './image.ts';

/** A mask as JSON: one bit a pixel, row by row, the lowest bit of a byte first, in base64. */
export interface PackedMask {
  readonly width: number;
  readonly height: number;
  readonly bits: string;
}

export function packMask({ width, height, data }: Mask): PackedMask {
  const bytes = new Uint8Array(Math.ceil(data.length / 8));
  for (const [i, value] of data.entries()) bytes[i >> 3] = (bytes[i >> 3] as number) | (value << (i & 7));
  return { width, height, bits: toBase64(bytes) };
}

export function unpackMask({ width, height, bits }: PackedMask): Mask {
  const bytes = fromBase64(bits);
  const mask = createMask(width, height);
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = ((bytes[i >> 3] as number) >> (i & 7)) & 1;
  return mask;
}
