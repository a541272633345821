import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Pixel } from '../../src/image/color/color-space.ts';
import { hls } from '../../src/image/color/hls.ts';
import { hsv } from '../../src/image/color/hsv.ts';
import { lab } from '../../src/image/color/lab.ts';
import { luv } from '../../src/image/color/luv.ts';
import { yuv } from '../../src/image/color/yuv.ts';

const unit = fc.integer({ min: 0, max: 255 }).map((byte) => byte / 255);

test.each([hls, hsv, lab, luv, yuv])('$name: to the space and back is the identity on the RGB cube', (space) => {
  fc.assert(
    fc.property(unit, unit, unit, (r, g, b) => {
      const pixel: Pixel = [r, g, b];
      space.fromRgb(pixel);
      space.toRgb(pixel);
      [r, g, b].forEach((value, i) => void expect(pixel[i]).toBeCloseTo(value, 5));
    }),
    { seed: 3, numRuns: 300 },
  );
});

test.each([hls, hsv, lab, luv, yuv])('$name: greys differ in lightness alone, which runs from 0 to 1', (space) => {
  const lightness = [0, 0.25, 0.5, 0.75, 1].map((grey) => {
    const pixel: Pixel = [grey, grey, grey];
    space.fromRgb(pixel);
    pixel.forEach((value, i) => {
      if (i !== space.lightness) expect(value).toBeCloseTo(0, 5);
    });
    return pixel[space.lightness] as number;
  });
  expect(lightness[0]).toBeCloseTo(0, 6);
  expect(lightness[4]).toBeCloseTo(1, 6);
  expect(lightness).toEqual([...lightness].sort((a, b) => a - b));
});

test.each([
  [hsv, [1, 0, 0], [0, 1, 1]],
  [hsv, [0, 0, 0.5], [2 / 3, 1, 0.5]],
  [hls, [0, 1, 0], [1 / 3, 0.5, 1]],
  [lab, [1, 0, 0], [0.5324, 0.8009, 0.672]],
  [luv, [0, 1, 0], [0.8774, -0.8307, 1.074]],
] as const)('%o: published values of a primary', (space, rgb, expected) => {
  const pixel: Pixel = [...rgb];
  space.fromRgb(pixel);
  expected.forEach((value, i) => void expect(pixel[i]).toBeCloseTo(value, 3));
});
