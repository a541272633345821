import type { ByteImage } from '../../image/image.ts';

/** A canvas that shows an RGB picture. */
export function canvasOf({ width, height, data }: ByteImage): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const pixels = new ImageData(width, height);
  for (let i = 0; i < data.length; i++) pixels.data[i + Math.floor(i / 3)] = data[i] as number;
  for (let i = 3; i < pixels.data.length; i += 4) pixels.data[i] = 255;
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas;
}
