import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createImage, crop, letterbox } from '../../src/index.ts';
import { baselines, meanPicture } from '../../src/metrics/baselines.ts';
import { images, runs } from '../image/arbitrary.ts';

const SIDE = 12;

test('a picture is compared with the mean picture where it lies in it, and its bars count nowhere', () => {
  fc.assert(
    fc.property(images(3), images(3), (one, other) => {
      const [fitted, normal] = [letterbox(one, SIDE, SIDE), letterbox(other, SIDE, SIDE).image];
      const seen = crop(fitted.image, fitted.frame);
      const mean = meanPicture([normal]);
      const found = mean && baselines(seen, mean);
      const usual = crop(normal, fitted.frame);
      const { data } = seen;
      expect(found?.image.brightness).toBeCloseTo(data.reduce((sum, value) => sum + value, 0) / data.length, 5);
      for (const [i, value] of (found?.pixel.meanPicture.data ?? []).entries()) {
        const channels = [0, 1, 2].map((c) =>
          Math.abs((data[3 * i + c] as number) - (usual.data[3 * i + c] as number)),
        );
        expect(value).toBeCloseTo(channels.reduce((sum, difference) => sum + difference, 0) / 3, 5);
      }
      expect(found?.pixel.meanPicture.data).toHaveLength(seen.width * seen.height);
    }),
    runs,
  );
});

test('without normals, or with pictures of another scale, there is nothing to compare', () => {
  expect(meanPicture([])).toBeNull();
  expect(baselines(createImage(9, 16, 3), createImage(12, 12, 3))).toBeNull();
  expect(baselines(createImage(6, 4, 3), createImage(12, 12, 3))).toBeNull();
});
