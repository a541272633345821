import type { StoredImage } from '../../image/stored-image.ts';

/** The picture in memory that threads share, so that sending it costs nothing; the picture itself where it lies there already. */
export function shareImage<T extends StoredImage>(image: T): T {
  const { buffer, byteOffset, byteLength } = image.data;
  if (buffer instanceof SharedArrayBuffer) return image;
  const bytes = new Uint8Array(new SharedArrayBuffer(byteLength));
  bytes.set(new Uint8Array(buffer, byteOffset, byteLength));
  const Data = image.data.constructor as new (buffer: SharedArrayBuffer) => T['data'];
  return { ...image, data: new Data(bytes.buffer) };
}
