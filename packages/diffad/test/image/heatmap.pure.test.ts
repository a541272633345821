import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heatMap, heatOverlay } from '../../src/image/heatmap.ts';
import { toBytes, toFloats } from '../../src/image/image.ts';
import { legend } from '../../src/image/legend.ts';
import { imageScore, meanFilter, scoreKernel } from '../../src/image/mean-filter.ts';
import { panel } from '../../src/image/panel.ts';
import { thresholdMap } from '../../src/image/threshold.ts';
import { images, runs } from './arbitrary.ts';

describe('heatMap', () => {
  test('one scale for all pictures: a score has its colour wherever it stands', () => {
    fc.assert(
      fc.property(images(1), (map) => {
        const dimmed = { ...map, data: map.data.map((v) => v / 3) };
        const both = {
          width: map.width,
          height: 2 * map.height,
          channels: 1,
          data: Float32Array.of(...map.data, ...dimmed.data),
        };
        const scale = { min: 0, max: 1 };
        const together = heatMap(both, scale).data;
        expect(together.slice(0, 3 * map.data.length)).toEqual(heatMap(map, scale).data);
        expect(together.slice(3 * map.data.length)).toEqual(heatMap(dimmed, scale).data);
      }),
      runs,
    );
  });

  test('lightness rises with the score', () => {
    const map = { width: 64, height: 1, channels: 1, data: Float32Array.from({ length: 64 }, (_, i) => i / 63) };
    const { data } = heatMap(map, { min: 0, max: 1 });
    const luma = Array.from(map.data, (_, i) => 0.3 * (data[3 * i] as number) + 0.59 * (data[3 * i + 1] as number));
    luma.slice(1).forEach((value, i) => void expect(value).toBeGreaterThanOrEqual((luma[i] as number) - 1));
  });

  test('an overlay leaves the picture as it is where the score is at the bottom', () => {
    const picture = { width: 2, height: 1, channels: 3, data: Uint8Array.of(10, 20, 30, 40, 50, 60) };
    const map = { width: 2, height: 1, channels: 1, data: Float32Array.of(0, 1) };
    const { data } = heatOverlay(picture, map, { min: 0, max: 1 });
    expect([...data.slice(0, 3)]).toEqual([10, 20, 30]);
    expect([...data.slice(3)]).not.toEqual([40, 50, 60]);
  });

  test('a scale that does not rise is refused', () => {
    const map = { width: 1, height: 1, channels: 1, data: new Float32Array(1) };
    expect(() => heatMap(map, { min: 1, max: 1 })).toThrow('scale must rise, got 1 to 1');
  });
});

describe('meanFilter', () => {
  test('divides by the whole window, so borders are damped', () => {
    const ones = { width: 5, height: 5, channels: 1, data: new Float32Array(25).fill(1) };
    const { data } = meanFilter(ones, 3);
    expect(data[12]).toBeCloseTo(1, 6);
    expect(data[0]).toBeCloseTo(4 / 9, 6);
    expect(imageScore(ones, [3])).toBeCloseTo(1, 6);
  });

  test('equals the sum over the window', () => {
    fc.assert(
      fc.property(images(1), (map) => {
        const { data } = meanFilter(map, 5);
        const at = (x: number, y: number) =>
          x < 0 || y < 0 || x >= map.width || y >= map.height ? 0 : (map.data[y * map.width + x] as number);
        data.forEach((value, i) => {
          let sum = 0;
          for (let dy = -2; dy <= 2; dy++)
            for (let dx = -2; dx <= 2; dx++) sum += at((i % map.width) + dx, Math.floor(i / map.width) + dy);
          expect(value).toBeCloseTo(sum / 25, 5);
        });
      }),
      { ...runs, numRuns: 20 },
    );
  });

  test('the score of several windows is the mean of theirs', () => {
    fc.assert(
      fc.property(images(1), (map) => {
        const single = [1, 3, 7].map((kernel) => imageScore(map, [kernel]));
        expect(imageScore(map, [7, 1, 3])).toBeCloseTo(single.reduce((sum, score) => sum + score) / 3, 6);
        expect(single[0]).toBeCloseTo(Math.max(...map.data), 6);
      }),
      { ...runs, numRuns: 20 },
    );
  });

  test('the window scales with the picture', () => {
    expect([256, 128, 64, 32].map((side) => scoreKernel(side))).toEqual([21, 11, 5, 3]);
  });
});

test('bytes and floats are inverse', () => {
  const bytes = { width: 16, height: 16, channels: 1, data: Uint8Array.from({ length: 256 }, (_, i) => i) };
  expect(toBytes(toFloats(bytes))).toEqual(bytes);
});

test('thresholdMap marks scores at and above the threshold', () => {
  const map = { width: 3, height: 1, channels: 1, data: Float32Array.of(0.25, 0.5, 0.75) };
  expect([...thresholdMap(map, 0.5).data]).toEqual([0, 1, 1]);
});

test('a panel holds every picture and the legend unscaled', () => {
  const red = { width: 40, height: 30, channels: 3, data: new Uint8Array(3600).fill(200) };
  const sheet = panel([
    { caption: 'input', image: red },
    { caption: 'scale', image: legend({ min: 0, max: 0.8 }, 30) },
  ]);
  expect(sheet.data.filter((v) => v === 200).length).toBe(3600);
  expect(sheet.height).toBeGreaterThan(30);
});
