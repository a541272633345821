import { Rng } from '@diffad/tensor-core';
import { describe, expect, test } from 'vitest';
import { toByte } from '../../src/image/image.ts';
import { augment, augmentations } from '../../src/synthesis/augment.ts';
import { brightness } from '../../src/synthesis/augmentations/brightness.ts';
import { autocontrast, equalize } from '../../src/synthesis/augmentations/histogram.ts';
import { hueSaturation } from '../../src/synthesis/augmentations/hue-saturation.ts';
import { gamma, invert, posterize, solarize } from '../../src/synthesis/augmentations/levels.ts';
import { sharpness } from '../../src/synthesis/augmentations/sharpness.ts';
import { flat, noise } from './pictures.ts';

const rngs = Array.from({ length: 20 }, (_, i) => new Rng(3).fork(i));
const bytes = ({ data }: { data: Float32Array }) => Array.from(data, toByte);
const ramp = {
  width: 256,
  height: 1,
  channels: 3,
  data: Float32Array.from({ length: 768 }, (_, i) => Math.floor(i / 3) / 255),
};

test('there are ten, and each keeps shape and range', () => {
  expect(augmentations).toHaveLength(10);
  const texture = noise(16, 1);
  for (const change of augmentations)
    for (const rng of rngs) {
      const result = change(texture, rng);
      expect([result.width, result.height, result.channels, result.data.length]).toEqual([16, 16, 3, 768]);
      expect(result.data.every((v) => v >= 0 && v <= 1)).toBe(true);
    }
});

test('augment applies three, rounds to 8 bits, repeats from the same state and leaves the texture alone', () => {
  const texture = noise(16, 2);
  const before = texture.data.slice();
  for (let i = 0; i < 20; i++) {
    const result = augment(texture, new Rng(5).fork(i));
    expect(result).toEqual(augment(texture, new Rng(5).fork(i)));
    expect(result.data.every((v) => Math.abs(v * 255 - Math.round(v * 255)) < 1e-4)).toBe(true);
  }
  expect(texture.data).toEqual(before);
});

describe('by definition', () => {
  test('invert', () => {
    expect(bytes(invert(ramp))).toEqual(bytes(ramp).map((v) => 255 - v));
  });

  test('gamma keeps both ends and the order', () => {
    const result = bytes(gamma(ramp, new Rng(1))).filter((_, i) => i % 3 === 0);
    expect([result[0], result[255]]).toEqual([0, 255]);
    expect(result).toEqual([...result].sort((a, b) => a - b));
  });

  test('solarize inverts what lies at and above a threshold in [32, 128), half of the time', () => {
    const results = rngs.map((rng) => bytes(solarize(ramp, rng)));
    const changed = results.filter((result) => result[765] === 0);
    expect(changed.length).toBeGreaterThan(4);
    expect(changed.length).toBeLessThan(16);
    for (const result of changed) expect(result.slice(0, 96)).toEqual(bytes(ramp).slice(0, 96));
  });

  test('posterize leaves a power of two of levels', () => {
    for (const rng of rngs) expect(Math.log2(new Set(bytes(posterize(ramp, rng))).size) % 1).toBe(0);
  });

  test('autocontrast and equalize spread a narrow histogram over the whole range', () => {
    const wide = noise(64, 3);
    const narrow = { ...wide, data: wide.data.map((v) => 0.4 + 0.2 * v) };
    for (const result of [autocontrast(narrow, new Rng(1)), equalize(narrow)]) {
      expect(Math.min(...bytes(result))).toBe(0);
      expect(Math.max(...bytes(result))).toBeGreaterThan(250);
    }
    expect(equalize(flat(4, 0.5))).toEqual(flat(4, Math.round(127.5) / 255));
  });

  test('sharpness leaves flat pictures and borders alone', () => {
    const texture = noise(8, 4);
    const result = sharpness(texture, new Rng(2));
    expect(result.data.slice(0, 24)).toEqual(texture.data.slice(0, 24));
    expect(result.data).not.toEqual(texture.data);
    expect(sharpness(flat(8, 0.3), new Rng(2)).data.every((v) => Math.abs(v - 0.3) < 1e-6)).toBe(true);
  });

  test('hue and saturation keep the value, brightness keeps greys grey', () => {
    const texture = noise(8, 5);
    const value = ({ data }: typeof texture, i: number) => Math.max(...data.slice(3 * i, 3 * i + 3));
    const turned = hueSaturation(texture, new Rng(3));
    for (let i = 0; i < 64; i++) expect(value(turned, i)).toBeCloseTo(value(texture, i), 5);
    for (const rng of rngs) {
      const { data } = brightness(flat(2, 0.5), rng);
      expect(Math.abs((data[0] as number) - (data[1] as number))).toBeLessThan(1e-4);
      expect(Math.abs((data[0] as number) - 0.5)).toBeLessThan(0.3);
    }
  });
});
