import type { Image } from '../../image/image.ts';

/** The picture in memory that threads share, so that sending it costs nothing; the picture itself where it lies there already. */
export function shareImage(image: Image): Image {
  if (image.data.buffer instanceof SharedArrayBuffer) return image;
  const data = new Float32Array(new SharedArrayBuffer(image.data.byteLength));
  data.set(image.data);
  return { ...image, data };
}
