import { createImage, type Image } from './image.ts';

/** One of the eight symmetries of the square: quarter turns counter-clockwise, after an optional mirroring left to right. */
export interface Orientation {
  readonly quarterTurns: 0 | 1 | 2 | 3;
  readonly mirrored: boolean;
}

/** The picture in another orientation; odd quarter turns exchange width and height. No pixel is resampled. */
export function orient(image: Image, { quarterTurns, mirrored }: Orientation): Image {
  const { width, height, channels, data } = image;
  const turned = quarterTurns % 2 === 1;
  const result = createImage(turned ? height : width, turned ? width : height, channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [toX, toY] = target(mirrored ? width - 1 - x : x, y, width, height, quarterTurns);
      const from = (y * width + x) * channels;
      result.data.set(data.subarray(from, from + channels), (toY * result.width + toX) * channels);
    }
  return result;
}

function target(x: number, y: number, width: number, height: number, quarterTurns: number): [number, number] {
  if (quarterTurns === 1) return [y, width - 1 - x];
  if (quarterTurns === 2) return [width - 1 - x, height - 1 - y];
  return quarterTurns === 3 ? [height - 1 - y, x] : [x, y];
}
