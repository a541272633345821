import type { StoredImage } from '../../image/stored-image.ts';

/** The picture in memory that threads share, so that sending it costs nothing; the picture itself where it lies there already. */
export function shareImage<T extends StoredImage>(image: T): T {
  if (image.data.buffer instanceof SharedArrayBuffer) return image;
  const Data = image.data.constructor as new (buffer: SharedArrayBuffer) => T['data'];
  const data = new Data(new SharedArrayBuffer(image.data.byteLength));
  data.set(image.data);
  return { ...image, data };
}
