import { Rng } from '@diffad/tensor-core';
import { describe, expect, test } from 'vitest';
import { connectedComponents } from '../../src/image/components.ts';
import { perlinMask } from '../../src/synthesis/masks/perlin-mask.ts';
import { smallMask } from '../../src/synthesis/masks/small-mask.ts';
import { thinMask } from '../../src/synthesis/masks/thin-mask.ts';
import { perlin } from '../../src/synthesis/perlin.ts';

const coverage = (mask: { data: Uint8Array }) => mask.data.reduce((a, b) => a + b, 0) / mask.data.length;
const draws = (count: number, make: (rng: Rng) => { data: Uint8Array }) =>
  Array.from({ length: count }, (_, i) => coverage(make(new Rng(4).fork(i)))).sort((a, b) => a - b);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('perlin noise', () => {
  test('is zero on the lattice and continuous across it', () => {
    const { data } = perlin(64, 64, 8, 4, new Rng(1));
    for (let y = 0; y < 64; y += 8) for (let x = 0; x < 64; x += 16) expect(data[y * 64 + x]).toBeCloseTo(0, 6);
    const steps = Array.from({ length: 63 }, (_, x) =>
      Math.abs((data[65 * 8 + x + 1] as number) - (data[65 * 8 + x] as number)),
    );
    expect(Math.max(...steps)).toBeLessThan(0.35);
  });

  test('has deviation 0.3 and stays within [-1, 1]', () => {
    const values = Array.from({ length: 40 }, (_, i) => [...perlin(32, 32, 4, 4, new Rng(2).fork(i)).data]).flat();
    expect(Math.sqrt(mean(values.map((v) => v * v)))).toBeCloseTo(0.3, 1);
    expect(values.every((v) => Math.abs(v) <= 1)).toBe(true);
  });
});

describe('perlinMask has the statistics of the reference (spec 2.2), within three standard errors', () => {
  test.each([
    { size: 256, maxExponent: 5, count: 150, empty: 0.05, covered: 0.049 },
    { size: 64, maxExponent: 3, count: 600, empty: 0.1, covered: 0.049 },
    { size: 32, maxExponent: 3, count: 600, empty: 0.15, covered: 0.048 },
  ])('$size px, 2^$maxExponent cells', ({ size, maxExponent, count, empty, covered }) => {
    const shares = draws(count, (rng) => perlinMask(size, size, maxExponent, rng));
    // The reference was drawn 400 times, so its own error adds.
    const error = Math.sqrt(empty * (1 - empty) * (1 / count + 1 / 400));
    expect(Math.abs(shares.filter((s) => s === 0).length / count - empty)).toBeLessThan(3 * error);
    const deviation = Math.sqrt(mean(shares.map((s) => (s - mean(shares)) ** 2)));
    expect(Math.abs(mean(shares) - covered)).toBeLessThan(3 * deviation * Math.sqrt(1 / count + 1 / 400));
  });

  test('256 px: the median of those not empty is 4.7 %, nine in ten are below 6.6 %', () => {
    const shares = draws(150, (rng) => perlinMask(256, 256, 5, rng)).filter((s) => s > 0);
    expect(shares[Math.floor(shares.length / 2)]).toBeCloseTo(0.047, 2);
    expect(Math.abs((shares[Math.floor(0.9 * shares.length)] as number) - 0.066)).toBeLessThan(0.015);
  });
});

describe('masks beyond the paper', () => {
  test('a thin defect is one line, under 5 % of the picture, and never empty', () => {
    for (let i = 0; i < 50; i++) {
      const mask = thinMask(64, 64, new Rng(8).fork(i));
      expect(coverage(mask)).toBeGreaterThan(0);
      expect(coverage(mask)).toBeLessThan(0.05);
    }
  });

  test('small defects are one to three pits, under 2 % of the picture', () => {
    for (let i = 0; i < 50; i++) {
      const mask = smallMask(128, 128, new Rng(9).fork(i));
      expect(connectedComponents(mask).count).toBeLessThanOrEqual(3);
      expect(coverage(mask)).toBeGreaterThan(0);
      expect(coverage(mask)).toBeLessThan(0.02);
    }
  });
});
