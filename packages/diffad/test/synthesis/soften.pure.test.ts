import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mask } from '../../src/image/image.ts';
import { soften } from '../../src/synthesis/soften.ts';

const SIDE = 24;
const maskOf = (inside: (x: number, y: number) => boolean): Mask => ({
  width: SIDE,
  height: SIDE,
  data: Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (inside(i % SIDE, Math.floor(i / SIDE)) ? 1 : 0)),
});
const sigma = fc.double({ min: 0.3, max: 3, noNaN: true });

test('a straight edge becomes the integral of a Gaussian, and the label keeps its side', () => {
  fc.assert(
    fc.property(sigma, (sigma) => {
      const { weight, mask } = soften(
        maskOf((x) => x < SIDE / 2),
        sigma,
      );
      expect(mask).toEqual(maskOf((x) => x < SIDE / 2));
      const naive = (x: number): number => {
        let [inside, all] = [0, 0];
        for (let u = 0; u < SIDE; u++) {
          const share = Math.abs(u - x) <= Math.ceil(3 * sigma) ? Math.exp(-((u - x) ** 2) / (2 * sigma ** 2)) : 0;
          all += share;
          if (u < SIDE / 2) inside += share;
        }
        return inside / all;
      };
      for (let x = 0; x < SIDE; x++) expect(weight.data[5 * SIDE + x]).toBeCloseTo(naive(x) / naive(0), 5);
    }),
  );
});

test('weights lie in [0, 1], reach 1 where anything is marked, and the label is what shows by more than half', () => {
  fc.assert(
    fc.property(sigma, fc.array(fc.nat(SIDE * SIDE - 1), { maxLength: 40 }), (sigma, marked) => {
      const given = maskOf((x, y) => marked.includes(y * SIDE + x));
      const { weight, mask } = soften(given, sigma);
      expect(Math.max(...weight.data)).toBe(marked.length > 0 ? 1 : 0);
      expect(Math.min(...weight.data)).toBeGreaterThanOrEqual(0);
      expect([...mask.data]).toEqual(Array.from(weight.data, (value) => (value > 0.5 ? 1 : 0)));
    }),
  );
});

test('mirrored defects are softened alike', () => {
  const inside = (x: number, y: number): boolean => (x - 3) ** 2 + (y - 20) ** 2 < 30;
  const mirrored = soften(
    maskOf((x, y) => inside(SIDE - 1 - x, y)),
    1.3,
  ).weight.data;
  const { data } = soften(maskOf(inside), 1.3).weight;
  for (const [i, value] of data.entries()) {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    expect(mirrored[y * SIDE + SIDE - 1 - x]).toBeCloseTo(value, 6);
  }
});
