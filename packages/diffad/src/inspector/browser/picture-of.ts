import { createImage, type Image } from '../../image/image.ts';

type Source = Blob | HTMLVideoElement;

/**
 * The picture in a file or in a camera's frame, [H, W, 3] in [0, 1], as `readImage` gives it: upright, colour profiles ignored,
 * transparency over black, but with 8 bits a channel. Rejects what the browser cannot decode.
 */
export async function pictureOf(source: Source): Promise<Image> {
  const context = await drawn(source);
  const { width, height } = context.canvas;
  const { data } = context.getImageData(0, 0, width, height);
  const image = createImage(width, height, 3);
  for (let i = 0; i < image.data.length; i++) image.data[i] = (data[i + Math.floor(i / 3)] as number) / 255;
  return image;
}

/** The same as a file, PNG. */
export const fileOf = async (source: Source): Promise<Blob> => (await drawn(source)).canvas.convertToBlob();

async function drawn(source: Source): Promise<OffscreenCanvasRenderingContext2D> {
  const bitmap = await createImageBitmap(source, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context) throw new Error(`the browser draws no picture of ${width}x${height}`);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context;
}
