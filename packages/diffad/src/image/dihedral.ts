import { createImage, type Image } from './image.ts';

/** One of the eight symmetries of a square: `kind` 0 to 3 quarter turns clockwise, 4 to 7 the same mirrored. The picture must be square. */
export function dihedral(image: Image, kind: number): Image {
  const { width: size, height, channels, data } = image;
  if (size !== height) throw new RangeError(`dihedral: the picture must be square, got ${size}x${height}`);
  const result = createImage(size, size, channels);
  const last = size - 1;
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const column = kind >= 4 ? last - x : x;
      const [fromX, fromY] = (
        [
          [column, y],
          [y, last - column],
          [last - column, last - y],
          [last - y, column],
        ] as const
      )[kind % 4] as readonly [number, number];
      const from = (fromY * size + fromX) * channels;
      result.data.set(data.subarray(from, from + channels), (y * size + x) * channels);
    }
  return result;
}
