import { type Tensor, tensor } from '@diffad/tensor-core';
import type { Image, Mask } from '../image/image.ts';

/** Pictures of one size as a tensor [B, H, W, C]. */
export function stackImages(images: readonly Image[]): Tensor {
  const { width, height, channels } = images[0] as Image;
  return tensor(stacked(images, width * height * channels), [images.length, height, width, channels]);
}

/** Masks of one size as a tensor [B, H, W] of zeros and ones. */
export function stackMasks(masks: readonly Mask[]): Tensor {
  const { width, height } = masks[0] as Mask;
  return tensor(stacked(masks, width * height), [masks.length, height, width]);
}

/** Rows of numbers as a tensor [B, ...shape]. */
export const stackRows = (rows: readonly Float32Array[], shape: readonly number[]): Tensor =>
  tensor(
    stacked(
      rows.map((data) => ({ data })),
      shape.reduce((a, b) => a * b, 1),
    ),
    [rows.length, ...shape],
  );

function stacked(items: readonly { readonly data: ArrayLike<number> }[], size: number): Float32Array {
  const data = new Float32Array(items.length * size);
  for (const [i, item] of items.entries()) data.set(item.data, i * size);
  return data;
}

/** The pictures of a tensor [B, H, W, C], read back. */
export async function unstackImages(batch: Tensor): Promise<Image[]> {
  const [count = 0, height = 0, width = 0, channels = 0] = batch.shape;
  const data = Float32Array.from(await batch.read());
  const size = height * width * channels;
  return Array.from({ length: count }, (_, i) => ({
    width,
    height,
    channels,
    data: data.slice(i * size, (i + 1) * size),
  }));
}

/** `items` in consecutive groups of at most `size`. */
export const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
