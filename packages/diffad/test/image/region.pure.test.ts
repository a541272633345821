import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packMask, unpackMask } from '../../src/image/packed-mask.ts';
import { asRegion, mustFitRegion, valuesWithin, withinRegion } from '../../src/image/region.ts';
import type { Mask } from '../../src/index.ts';
import { images, masks, runs } from './arbitrary.ts';

const left = (width: number, height: number): Mask => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? 1 : 0)),
});

test('a mask comes back from its text as it was, in an eighth of its bytes and a third', () => {
  fc.assert(
    fc.property(masks(), (mask) => {
      const packed = packMask(mask);
      expect(unpackMask(JSON.parse(JSON.stringify(packed)))).toEqual(mask);
      expect(packed.bits.length).toBeLessThanOrEqual((4 / 3) * (mask.data.length / 8) + 4);
    }),
    runs,
  );
});

test('a picture is black outside of the region and as it was inside, at the region’s size and at a multiple of it', () => {
  fc.assert(
    fc.property(masks(), fc.integer({ min: 1, max: 3 }), fc.constantFrom(1, 3), (region, times, channels) => {
      const [width, height] = [region.width * times, region.height * times];
      const data = Float32Array.from({ length: width * height * channels }, (_, i) => 0.1 + (i % 7) / 8);
      const seen = withinRegion({ width, height, channels, data }, region);
      for (const [i, value] of seen.data.entries()) {
        const [x, y] = [Math.floor(i / channels) % width, Math.floor(i / channels / width)];
        const inside = region.data[Math.floor(y / times) * region.width + Math.floor(x / times)] as number;
        expect(value).toBe(inside * (data[i] as number));
      }
    }),
    runs,
  );
});

test('without a region nothing is black, and everything counts', () => {
  fc.assert(
    fc.property(images(3), images(1), (picture, map) => {
      expect(withinRegion(picture, null)).toBe(picture);
      expect(valuesWithin(map, null)).toBe(map.data);
    }),
    runs,
  );
});

test('of a map counts what lies inside of the region', () => {
  const map = { width: 4, height: 2, channels: 1, data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
  expect([...valuesWithin(map, left(400, 200))]).toEqual([1, 2, 5, 6]);
});

test('pictures squeezed to whole pixels still fit, others are refused with both sizes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 1500 }), fc.integer({ min: 20, max: 1500 }), (width, height) => {
      const region = asRegion(left(width, height));
      const scale = 64 / Math.max(width, height);
      const squeezed = { width: Math.round(width * scale), height: Math.round(height * scale) };
      expect(() => mustFitRegion('a', squeezed, region)).not.toThrow();
    }),
    { seed: 7, numRuns: 20 },
  );
  expect(() => mustFitRegion('line/a.png', { width: 640, height: 480 }, left(512, 512))).toThrow(
    'line/a.png: 640x480 px, but the region of interest was drawn on pictures of 512x512; the aspect ratios must agree',
  );
  expect(() => withinRegion({ width: 8, height: 4, channels: 1, data: new Float32Array(32) }, left(8, 8))).toThrow(
    /^the picture: 8x4 px, but the region of interest was drawn on pictures of 8x8/,
  );
});

test('a region is kept at 1024 pixels a side at most, and holds something', () => {
  const small = asRegion(left(3000, 1500));
  expect([small.width, small.height]).toEqual([1024, 512]);
  expect(small.data.reduce((a, b) => a + b, 0)).toBe(512 * 512);
  const own = left(30, 20);
  expect(asRegion(own)).toBe(own);
  expect(() => asRegion({ width: 3, height: 2, data: new Uint8Array(6) })).toThrow(
    'none of its 3x2 pixels is white; white is what is judged',
  );
});
