import { Rng } from '@diffad/tensor-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { presets } from '../../src/config/presets.ts';
import { simulated } from '../../src/synthesis/simulated.ts';
import { vary } from '../../src/synthesis/vary.ts';
import { flat, noise } from './pictures.ts';

const none = { probability: 1, gain: 1, gamma: 1, zoom: 1, noise: 0 };

const variations = fc.record({
  probability: fc.constant(1),
  gain: fc.double({ min: 1, max: 4, noNaN: true }),
  gamma: fc.double({ min: 1, max: 4, noNaN: true }),
  zoom: fc.double({ min: 0.25, max: 1, noNaN: true }),
  noise: fc.double({ min: 0, max: 0.3, noNaN: true }),
});

test('a varied picture keeps its size and range, and grey stays grey; the input is left alone', () => {
  fc.assert(
    fc.property(variations, fc.integer({ min: 1, max: 24 }), fc.nat(), (variation, size, seed) => {
      const grey = noise(size, seed, 1);
      const data = Float32Array.from({ length: size * size * 3 }, (_, i) => grey.data[Math.floor(i / 3)] as number);
      const image = { width: size, height: size, channels: 3, data };
      const before = data.slice();
      const varied = vary(image, variation, new Rng(seed));
      expect([varied.width, varied.height, varied.channels]).toEqual([size, size, 3]);
      for (let i = 0; i < size * size; i++) {
        const [r, g, b] = varied.data.subarray(3 * i, 3 * i + 3);
        expect([g, b]).toEqual([r, r]);
        expect(r).toBeGreaterThanOrEqual(0);
        expect(r).toBeLessThanOrEqual(1);
      }
      expect(image.data).toEqual(before);
      expect(vary(image, variation, new Rng(seed))).toEqual(varied);
    }),
  );
});

test('without room to vary the picture is itself', () => {
  const image = noise(16, 1);
  expect(vary(image, none, new Rng(2)).data).toEqual(image.data);
});

test('gain and gamma span their ranges evenly around no change, noise has the asked deviation at most', () => {
  const values = (variation: Partial<typeof none>): number[] =>
    Array.from(
      { length: 400 },
      (_, i) => vary(flat(4, 0.25), { ...none, ...variation }, new Rng(3).fork(i)).data[0] as number,
    );
  const brightened = values({ gain: 2 }).map((value) => Math.log2(value / 0.25));
  const bent = values({ gamma: 2 }).map((value) => Math.log2(Math.log(value) / Math.log(0.25)));
  for (const logarithms of [brightened, bent]) {
    expect(Math.min(...logarithms)).toBeGreaterThanOrEqual(-1.0001);
    expect(Math.max(...logarithms)).toBeLessThanOrEqual(1.0001);
    const mean = logarithms.reduce((a, b) => a + b) / logarithms.length;
    expect(Math.abs(mean)).toBeLessThan(4 * (1 / Math.sqrt(3) / 20)); // four standard errors of 400 draws of U(-1, 1)
    expect(Math.max(...logarithms) - Math.min(...logarithms)).toBeGreaterThan(1.8);
  }
  const grains = Array.from({ length: 50 }, (_, i) =>
    vary(flat(32, 0.5, 1), { ...none, noise: 0.05 }, new Rng(4).fork(i)),
  );
  const deviations = grains.map(({ data }) =>
    Math.sqrt(data.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / data.length),
  );
  expect(Math.max(...deviations)).toBeLessThan(0.05 * 1.1);
  expect(Math.max(...deviations)).toBeGreaterThan(0.04);
});

test('normals are varied before defects are pasted, in the asked share; the paper varies none', () => {
  const base = { size: 16, rotation: { probability: 0, degrees: 0 }, dihedral: false, probability: 0 };
  const normal = noise(16, 5);
  const changed = (probability: number): number => {
    const variation = { ...none, gain: 1.5, probability };
    const made = Array.from({ length: 400 }, (_, i) => simulated(1, i, [normal], [], { ...base, variation }));
    for (const { normal: varied, image } of made) expect(image).toEqual(varied);
    return made.filter(({ normal: varied }) => varied.data.some((value, i) => value !== normal.data[i])).length / 400;
  };
  expect(changed(0)).toBe(0);
  expect(Math.abs(changed(0.7) - 0.7)).toBeLessThan(4 * Math.sqrt((0.7 * 0.3) / 400));
  expect(presets.paper?.simulation.variation.probability).toBe(0);
});
