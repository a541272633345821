import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Image } from '../../src/image/image.ts';
import { crop, letterbox, unletterbox } from '../../src/image/letterbox.ts';
import { type ResizeMethod, resize } from '../../src/image/resize.ts';
import { images, runs } from './arbitrary.ts';

const size = fc.integer({ min: 1, max: 40 });
const method = fc.constantFrom<ResizeMethod>('bilinear', 'area', 'nearest');
const mean = ({ data }: Image) => data.reduce((sum, v) => sum + v, 0) / data.length;
const transposed = ({ width, height, channels, data }: Image): Image => ({
  width: height,
  height: width,
  channels,
  data: Float32Array.from(
    data,
    (_, i) => data[((i % height) * width + Math.floor(i / height)) * channels + (i % channels)] as number,
  ),
});

describe('resize', () => {
  test('a constant stays that constant and no value leaves the range of the input', () => {
    fc.assert(
      fc.property(images(3), size, size, method, (image, width, height, how) => {
        const result = resize(image, width, height, how);
        const [low, high] = [Math.min(...image.data), Math.max(...image.data)];
        expect(result.data.every((value) => value >= low - 1e-6 && value <= high + 1e-6)).toBe(true);
      }),
      runs,
    );
  });

  test('area keeps the mean', () => {
    fc.assert(
      fc.property(images(1), size, size, (image, width, height) => {
        expect(mean(resize(image, width, height, 'area'))).toBeCloseTo(mean(image), 5);
      }),
      runs,
    );
  });

  test('commutes with transposition', () => {
    fc.assert(
      fc.property(images(1), size, size, method, (image, width, height, how) => {
        const direct = transposed(resize(image, width, height, how)).data;
        const around = resize(transposed(image), height, width, how).data;
        direct.forEach((value, i) => void expect(around[i]).toBeCloseTo(value, 6));
      }),
      runs,
    );
  });

  test('bilinear reproduces a ramp at half-pixel centres', () => {
    const ramp: Image = { width: 8, height: 1, channels: 1, data: Float32Array.from({ length: 8 }, (_, i) => i) };
    expect([...resize(ramp, 4, 1).data]).toEqual([0.5, 2.5, 4.5, 6.5]);
    expect([...resize(ramp, 2, 1).data]).toEqual([1.5, 5.5]); // four to one: samples two neighbours, no antialias
    expect([...resize(ramp, 16, 1).data].slice(0, 4)).toEqual([0, 0.25, 0.75, 1.25]);
  });

  test('refuses sizes that are no size', () => {
    const image = { width: 1, height: 1, channels: 1, data: new Float32Array(1) };
    expect(() => resize(image, 0, 4)).toThrow('resize: size must be positive integers, got 0x4');
  });
});

describe('letterbox', () => {
  test('never squashes: the frame keeps the aspect ratio to half a pixel and the bars hold the fill', () => {
    fc.assert(
      fc.property(images(1), size, (image, side) => {
        const { image: box, frame } = letterbox(image, side, side, 'bilinear', -1);
        const scale = Math.min(side / image.width, side / image.height);
        expect(Math.abs(frame.width - Math.max(1, image.width * scale))).toBeLessThanOrEqual(0.5);
        expect(Math.abs(frame.height - Math.max(1, image.height * scale))).toBeLessThanOrEqual(0.5);
        const inside = box.data.filter((v) => v !== -1).length;
        expect(inside).toBe(frame.width * frame.height);
      }),
      runs,
    );
  });

  test('unletterbox brings a constant map back to the whole picture', () => {
    fc.assert(
      fc.property(images(1), size, (image, side) => {
        const flat = { ...image, data: image.data.map(() => 0.25) };
        const { image: box, frame } = letterbox(flat, side, side);
        const back = unletterbox(box, frame, image.width, image.height);
        for (const value of back.data) expect(value).toBeCloseTo(0.25, 6);
      }),
      runs,
    );
  });

  test('crop refuses to leave the picture', () => {
    const image = { width: 4, height: 4, channels: 1, data: new Float32Array(16) };
    expect(() => crop(image, { x: 2, y: 0, width: 3, height: 1 })).toThrow(
      'crop: 3x1 at 2,0 leaves the picture of 4x4',
    );
  });
});
