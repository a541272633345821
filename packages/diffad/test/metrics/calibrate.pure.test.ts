import { Rng } from '@diffad/tensor-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calibrate, type Image, psnr } from '../../src/index.ts';

const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 400 });

test('the threshold keeps to the rate it was asked for', () => {
  fc.assert(
    fc.property(scores, fc.constantFrom(1, 10, 50), (held, rate) => {
      const { threshold, method, alarmsPer1000 } = calibrate(held, rate);
      expect(alarmsPer1000).toBe(rate);
      expect(method).toBe((held.length + 1) * rate >= 1000 ? 'quantile' : 'extrapolated');
      const alarms = held.filter((score) => score >= threshold).length;
      if (method === 'quantile' && new Set(held).size === held.length)
        expect(alarms).toBe(Math.floor(((held.length + 1) * rate) / 1000));
      if (method === 'extrapolated') expect(alarms).toBe(0);
      expect(threshold).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('a thousand even scores are read off', () => {
  const even = Array.from({ length: 1001 }, (_, i) => i / 1000);
  expect(calibrate(even, 10).threshold).toBe(0.991);
  expect(calibrate(even.toReversed(), 10).scores).toEqual(even);
});

test('few scores are continued by the tail of their upper half', () => {
  // lower median 0.1, one excess of 0.1 above it in two: 0.1 + 0.1 ((3 / 6 / 0.01)^(1 / 2) - 1), half way from 0.2 to 1 at most
  expect(calibrate([0.1, 0.1, 0.1, 0.2, 0.1], 10).threshold).toBeCloseTo(0.6, 10);
  expect(calibrate([0.1, 0.1, 0.1, 0.11, 0.1], 10).threshold).toBeCloseTo(0.1 + 0.01 * (50 ** 0.5 - 1), 10);
  expect(calibrate([0.3, 0.3], 10).threshold).toBeCloseTo(0.3, 5);
  expect(calibrate([0.99, 1], 10).threshold).toBeGreaterThan(1);
});

test.each([2, 3, 4, 7, 10, 31, 99, 150])(
  'of good pictures ten in a thousand are rejected in the mean over calibrations by %d of them',
  (n) => {
    const unit = 1e-4; // small, so that no threshold is cut off on its way to 1
    const calibrations = 4000;
    const draws = new Rng(n).uniforms(calibrations * n);
    let alarms = 0;
    for (let i = 0; i < calibrations; i++) {
      const held = Array.from(draws.subarray(i * n, (i + 1) * n), (uniform) => -unit * Math.log(1 - uniform));
      alarms += Math.exp(-calibrate(held, 10).threshold / unit) / calibrations;
    }
    expect(alarms).toBeGreaterThan(n < 99 ? 0.009 : 0.0055); // whole places alone: at 150 one of 151
    expect(alarms).toBeLessThan(0.011);
  },
);

test.each([0, -1, 500, Number.NaN])('a rate of %s in a thousand is refused', (rate) => {
  expect(() => calibrate([0.1, 0.2], rate)).toThrow(`expected above 0 and below 500 alarms per 1000, got ${rate}`);
});

test('one score calibrates nothing', () => {
  expect(() => calibrate([0.3])).toThrow('needs the scores of 2 normal pictures at least, got 1');
});

const picture = (...data: number[]): Image => ({
  width: data.length / 3,
  height: 1,
  channels: 3,
  data: Float32Array.from(data),
});

test('PSNR over all pixels, and over those that are selected', () => {
  const truth = [picture(0, 0, 0, 0.5, 0.5, 0.5)];
  const found = [picture(0.1, 0.1, 0.1, 0.5, 0.5, 1)];
  expect(psnr(found, truth)).toBeCloseTo(-10 * Math.log10((3 * 0.01 + 0.25) / 6), 4);
  expect(psnr(found, truth, (_, pixel) => pixel === 0)).toBeCloseTo(20, 4);
  expect(psnr(found, truth, (_, pixel) => pixel === 1)).toBeCloseTo(-10 * Math.log10(0.25 / 3), 4);
  expect(psnr(truth, truth)).toBe(Number.POSITIVE_INFINITY);
  expect(psnr(found, truth, () => false)).toBeNaN();
});
