import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Image } from '../../src/image/image.ts';
import { crop } from '../../src/image/letterbox.ts';
import { restore, type StoredImage, scaleOf, store } from '../../src/image/stored-image.ts';
import { images, runs } from './arbitrary.ts';

/** The same picture as a file of so many levels above black holds it. */
const inLevels = (image: Image, levels: number): Image => ({
  ...image,
  data: image.data.map((value) => Math.round(value * levels) / levels),
});

const bytesOf = ({ data }: StoredImage): number => data.BYTES_PER_ELEMENT;

describe('a stored picture', () => {
  test.each([
    [255, 1],
    [65535, 2],
  ])('of %d levels takes %d bytes a value, each of which comes back to the bit', (levels, bytes) => {
    const data = Float32Array.from({ length: levels + 1 }, (_, k) => k / levels);
    const all = { width: levels + 1, height: 1, channels: 1, data };
    const stored = store(all);
    expect([bytesOf(stored), scaleOf(stored)]).toEqual([bytes, levels]);
    expect(restore(stored)).toEqual(all);
  });

  test.each([
    ['between levels', 0.1],
    ['above 1', 256 / 255],
    ['below 0', -1 / 255],
    ['that is no number', Number.NaN],
  ])('with a value %s is the picture itself', (_, value) => {
    const image = { width: 2, height: 1, channels: 1, data: Float32Array.of(1, value) };
    expect(store(image)).toBe(image);
    expect(restore(image)).toEqual(image);
  });

  test('gives any part of it as crop gives it of the picture', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 3).chain(images),
        fc.constantFrom(255, 65535, 1e6),
        fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()),
        (picture, levels, [a, b, c, d]) => {
          const image = inLevels(picture, levels);
          const [x, y] = [a % image.width, b % image.height];
          const frame = { x, y, width: 1 + (c % (image.width - x)), height: 1 + (d % (image.height - y)) };
          expect(restore(store(image), frame)).toEqual(crop(image, frame));
        },
      ),
      runs,
    );
  });
});
