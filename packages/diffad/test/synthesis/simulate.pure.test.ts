import { Rng } from '@diffad/tensor-core';
import { describe, expect, test } from 'vitest';
import { toRgb } from '../../src/image/channels.ts';
import { dihedral } from '../../src/image/dihedral.ts';
import { simulateAnomaly } from '../../src/synthesis/simulate-anomaly.ts';
import { simulated } from '../../src/synthesis/simulated.ts';
import { Simulator } from '../../src/synthesis/simulator.ts';
import { proceduralTexture } from '../../src/synthesis/textures.ts';
import { flat, noise } from './pictures.ts';

const options = { size: 32, rotation: { probability: 0.3, degrees: 90 }, dihedral: true, perlinMaxExponent: 3 };
const normals = [noise(32, 1), noise(32, 2), noise(40, 3)];
const textures = [noise(24, 4), noise(32, 5)];

describe('simulateAnomaly', () => {
  test('changes nothing outside the mask, mixes inside it, and leaves its input alone', () => {
    const image = flat(32, 0.5);
    for (let i = 0; i < 60; i++) {
      const { image: spoiled, mask } = simulateAnomaly(image, noise(32, i), new Rng(1).fork(i), { probability: 1 });
      const outside = spoiled.data.filter((_, k) => !mask.data[Math.floor(k / 3)]);
      expect(outside.every((value) => value === 0.5)).toBe(true);
      expect(spoiled.data.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
    expect(image).toEqual(flat(32, 0.5));
  });

  test('pastes into the asked share of pictures', () => {
    const touched = (probability: number) => {
      const made = Array.from({ length: 400 }, (_, i) =>
        simulateAnomaly(flat(16, 0), noise(16, i), new Rng(2).fork(i), { probability, perlinMaxExponent: 2 }),
      );
      return made.filter(({ mask }) => mask.data.includes(1)).length / made.length;
    };
    expect(touched(0)).toBe(0);
    // Three standard errors of 400 draws; some masks are empty.
    expect(touched(0.5)).toBeLessThan(0.5 + 3 * 0.025);
    expect(touched(0.5)).toBeGreaterThan(0.25);
  });

  test('the original keeps a weight of U(0, maxOpacity) inside the mask', () => {
    const weights = Array.from({ length: 200 }, (_, i) => {
      const texture = flat(32, 0); // every augmentation of black is flat
      const { image, mask } = simulateAnomaly(flat(32, 1), texture, new Rng(3).fork(i), { probability: 1 });
      const at = mask.data.indexOf(1);
      return at < 0 ? null : (image.data[3 * at] as number);
    }).filter((w) => w !== null);
    const dark = weights.filter((w) => w < 0.8);
    expect(dark.length).toBeGreaterThan(weights.length * 0.4);
    expect(Math.min(...weights)).toBeLessThan(0.1);
  });

  test('grey pictures stay grey; a texture of another size is refused', () => {
    const { image } = simulateAnomaly(noise(32, 1, 1), noise(32, 2), new Rng(4), { probability: 1 });
    expect(image.channels).toBe(1);
    expect(() => simulateAnomaly(flat(32, 0), flat(16, 0), new Rng(1))).toThrow(
      'the picture is [32, 32, 3], the texture [16, 16, 3]; resize the texture',
    );
  });

  test('cut and paste uses the surface itself, low contrast stays near it', () => {
    const image = noise(32, 6);
    const values = new Set(image.data);
    for (let i = 0; i < 20; i++) {
      const cut = simulateAnomaly(image, flat(32, 0.123), new Rng(5).fork(i), { probability: 1, cutPaste: 1 });
      expect(cut.image.data.every((v) => values.has(v))).toBe(true);
      const faint = simulateAnomaly(image, flat(32, 0), new Rng(5).fork(i), { probability: 1, lowContrast: 1 });
      expect(faint.image.data.every((v, k) => Math.abs(v - (image.data[k] as number)) < 0.21)).toBe(true);
    }
  });

  test('a defect of one tone is flat, between black and white or the picture’s mean colour', () => {
    const options = { probability: 1, tone: 1, maxOpacity: 0 };
    for (let i = 0; i < 20; i++) {
      const red = { ...flat(32, 0), data: Float32Array.from({ length: 32 * 32 * 3 }, (_, k) => (k % 3 ? 0.1 : 0.8)) };
      const { image, mask } = simulateAnomaly(red, noise(32, i), new Rng(8).fork(i), options);
      const inside = [...mask.data.keys()].filter((k) => mask.data[k]);
      const colours = new Set(inside.map((k) => image.data.slice(3 * k, 3 * k + 3).join()));
      expect(colours.size).toBeLessThanOrEqual(1);
      for (const [r, g, b] of [...colours].map((colour) => colour.split(',').map(Number) as [number, number, number])) {
        expect(g).toBe(b);
        expect(Math.min(Math.abs(r - g), Math.abs(r - 8 * g))).toBeLessThan(1e-6);
      }
    }
  });

  test('painted defects are flat and of any colour, on surfaces that have one', () => {
    const options = { probability: 1, tone: 1, paint: 1, maxOpacity: 0 };
    const coloursOf = (grey: boolean) =>
      Array.from({ length: 20 }, (_, i) => {
        const { image, mask } = simulateAnomaly(flat(32, 0.5), noise(32, i), new Rng(8).fork(i), { ...options, grey });
        const inside = [...mask.data.keys()].filter((k) => mask.data[k]);
        const colours = new Set(inside.map((k) => image.data.slice(3 * k, 3 * k + 3).join()));
        expect(colours.size).toBeLessThanOrEqual(1);
        return [...colours].map((colour) => colour.split(',').map(Number));
      }).flat();
    const spread = (colour: readonly number[]) => Math.max(...colour) - Math.min(...colour);
    expect(coloursOf(false).filter((colour) => spread(colour) > 0.3).length).toBeGreaterThan(10);
    expect(Math.max(...coloursOf(true).map(spread))).toBe(0);
  });

  test('soft defects fade: the label is where more than half of them shows', () => {
    const options = { probability: 1, soft: 1, tone: 1, maxOpacity: 0 };
    let between = 0;
    for (let i = 0; i < 40; i++) {
      const { image, mask } = simulateAnomaly(flat(64, 0.5), noise(64, i), new Rng(11).fork(i), options);
      const shown = Array.from(mask.data, (_, k) => Math.abs((image.data[3 * k] as number) - 0.5));
      const most = Math.max(...shown);
      for (const [k, value] of shown.entries()) {
        if (Math.abs(value / most - 0.5) > 1e-4) expect(mask.data[k]).toBe(value > most / 2 ? 1 : 0);
        if (value > 0.1 * most && value < 0.9 * most) between++;
      }
    }
    expect(between).toBeGreaterThan(1000);
  });

  test('thin and small defects are fine', () => {
    const area = (share: object) =>
      simulateAnomaly(flat(64, 0), noise(64, 1), new Rng(6), { probability: 1, ...share }).mask.data.reduce(
        (a, b) => a + b,
        0,
      );
    for (const share of [{ thin: 1 }, { small: 1 }]) {
      expect(area(share)).toBeGreaterThan(0);
      expect(area(share)).toBeLessThan(0.05 * 64 * 64);
    }
  });
});

describe('simulated', () => {
  test('depends on (seed, index) alone, whatever was made before', () => {
    const forth = Array.from({ length: 12 }, (_, i) => simulated(7, i, normals, textures, options));
    const back = Array.from({ length: 12 }, (_, i) => simulated(7, 11 - i, normals, textures, options)).reverse();
    expect(back).toEqual(forth);
    expect(simulated(8, 0, normals, textures, options)).not.toEqual(forth[0]);
    expect(new Set(forth.map(({ normal }) => normal.data.join())).size).toBeGreaterThan(8);
  });

  test('normal and spoiled picture differ inside the mask only, and have the asked size', () => {
    for (let i = 0; i < 40; i++) {
      const { normal, image, mask } = simulated(9, i, normals, [], options);
      expect([normal.width, image.width, mask.width]).toEqual([32, 32, 32]);
      expect(image.data.every((v, k) => mask.data[Math.floor(k / 3)] || v === normal.data[k])).toBe(true);
    }
  });
});

describe('Simulator', () => {
  test('with a pool, item i is item i mod pool, made once', () => {
    const simulator = new Simulator(normals, textures, { ...options, seed: 1, pool: 4 });
    expect(simulator.item(6)).toBe(simulator.item(2));
    const anew = new Simulator(normals, textures, { ...options, seed: 1, pool: 0 });
    expect(anew.item(2)).toEqual(simulator.item(2));
    expect(anew.item(6)).not.toEqual(anew.item(2));
  });

  test('grey surfaces get grey defects', () => {
    const grey = { ...flat(32, 0.5), data: flat(32, 0.5).data.map((_, i) => (Math.floor(i / 3) % 7) / 7) };
    const simulator = new Simulator([grey], [], { ...options, seed: 1, pool: 0, probability: 1 });
    expect(simulator.options.grey).toBe(true);
    for (let i = 0; i < 40; i++) {
      const { data } = simulator.item(i).image;
      for (const [k, value] of data.entries())
        expect(Math.abs(value - (data[k - (k % 3)] as number))).toBeLessThan(1e-6);
    }
  });

  test('normals of one channel give the items of the same in three, whole or as windows', () => {
    for (const side of [32, 40]) {
      const { data, ...layout } = noise(side, 1);
      const grey = { ...layout, channels: 1, data: data.filter((_, i) => i % 3 === 0) };
      const [one, three] = [grey, toRgb(grey)].map(
        (normal) => new Simulator([normal], textures, { ...options, seed: 1, pool: 0 }),
      ) as [Simulator, Simulator];
      for (let i = 0; i < 12; i++) expect(one.item(i)).toEqual(three.item(i));
    }
  });

  test('no normals, or smaller ones than asked for, are refused', () => {
    expect(() => new Simulator([], [], { ...options, seed: 1, pool: 0 })).toThrow('no normal pictures');
    expect(() => new Simulator([noise(16, 1)], [], { ...options, seed: 1, pool: 0 })).toThrow(
      'a normal picture of 16x16 px is smaller than 32 px',
    );
  });
});

test('made-up textures fill the range and differ', () => {
  const made = Array.from({ length: 30 }, (_, i) => proceduralTexture(32, new Rng(1).fork(i)));
  for (const { data } of made) expect(data.every((v) => v >= 0 && v <= 1)).toBe(true);
  expect(new Set(made.map(({ data }) => data.join())).size).toBe(30);
});

test('dihedral: eight different pictures, closed under a further quarter turn', () => {
  const picture = noise(5, 1);
  const all = Array.from({ length: 8 }, (_, kind) => dihedral(picture, kind).data.join());
  expect(new Set(all).size).toBe(8);
  for (let kind = 0; kind < 8; kind++) expect(all).toContain(dihedral(dihedral(picture, kind), 1).data.join());
  expect(() => dihedral({ ...picture, width: 1, height: 25 }, 1)).toThrow('must be square, got 1x25');
});
