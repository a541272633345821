import { ShapeError } from '@diffad/tensor-core';

/**
 * A picture in memory, `[height, width, channels]` row-major with interleaved channels, values nominally in [0, 1].
 * One channel is grey or a score map, three are RGB. Everything between a file and a network is this type.
 */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** The same layout with 8-bit values 0..255: what files and screens hold, and what the texture augmentations are defined on. */
export interface ByteImage {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** One byte a pixel, `[height, width]` row-major: 0 is normal, 1 is defective. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function createImage(width: number, height: number, channels: number): Image {
  return { width, height, channels, data: new Float32Array(width * height * channels) };
}

export function createByteImage(width: number, height: number, channels: number): ByteImage {
  return { width, height, channels, data: new Uint8Array(width * height * channels) };
}

export function createMask(width: number, height: number): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

/** Rounds [0, 1] to 0..255; values outside are clamped. */
export function toBytes(image: Image): ByteImage {
  const bytes = createByteImage(image.width, image.height, image.channels);
  for (let i = 0; i < image.data.length; i++) bytes.data[i] = toByte(image.data[i] as number);
  return bytes;
}

/** One value of [0, 1] as 0..255, clamped and rounded. */
export function toByte(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 255);
}

/** 0..255 to [0, 1]. */
export function toFloats(bytes: ByteImage): Image {
  const image = createImage(bytes.width, bytes.height, bytes.channels);
  for (let i = 0; i < bytes.data.length; i++) image.data[i] = (bytes.data[i] as number) / 255;
  return image;
}

/** The shape as the error messages write it: `[height, width, channels]`. */
export function shapeOf(image: Size & { readonly channels?: number }): string {
  const dims = [image.height, image.width];
  return `[${(image.channels === undefined ? dims : [...dims, image.channels]).join(', ')}]`;
}

/** Throws a ShapeError unless both have one width and height. */
export function checkSameSize(op: string, a: Size, b: Size): void {
  if (a.width !== b.width || a.height !== b.height) {
    throw new ShapeError(
      `${op}: sizes differ, ${a.width}x${a.height} and ${b.width}x${b.height} (${shapeOf(a)}, ${shapeOf(b)})`,
    );
  }
}

/** Throws a ShapeError unless the image has `channels` channels. */
export function checkChannels(op: string, image: Size & { readonly channels: number }, channels: number): void {
  if (image.channels !== channels) {
    throw new ShapeError(`${op}: image has ${image.channels} channels, expected ${channels} (image ${shapeOf(image)})`);
  }
}
