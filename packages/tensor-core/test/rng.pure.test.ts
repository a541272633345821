import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalFromBits } from '../src/rng/normal.ts';
import { philox4x32 } from '../src/rng/philox.ts';
import { Rng } from '../src/rng/rng.ts';

const seeds = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

test('Philox4x32-10 gives the published Random123 vectors', () => {
  const ones = 0xffffffff;
  const vectors: [[number, number, number, number], [number, number], number[]][] = [
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [ones, ones, ones, ones],
      [ones, ones],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ];
  for (const [counter, key, words] of vectors) {
    const out = new Uint32Array(4);
    philox4x32(counter, key, out);
    expect(Array.from(out)).toEqual(words);
  }
});

test('a saved state goes on with the same bits', () => {
  fc.assert(
    fc.property(seeds, fc.nat(50), fc.nat(50), (seed, before, after) => {
      const rng = new Rng(seed);
      rng.words(before);
      const resumed = Rng.from(JSON.parse(JSON.stringify(rng.state())));
      expect(resumed.words(after)).toEqual(rng.words(after));
    }),
    { numRuns: 50 },
  );
});

test('forks are the same for the same key, and differ from each other and from their parent', () => {
  fc.assert(
    fc.property(seeds, fc.nat(1000), (seed, key) => {
      const rng = new Rng(seed);
      const words = (r: Rng) => Array.from(r.words(4)).join();
      const own = words(rng.fork(key));
      rng.words(9);
      expect(words(rng.fork(key))).toBe(own);
      expect(
        new Set([own, words(rng.fork(key + 1)), words(new Rng(seed)), words(new Rng(seed).fork(key).fork(key))]).size,
      ).toBe(4);
    }),
    { numRuns: 50 },
  );
});

test('words do not depend on how they are drawn in blocks', () => {
  const rng = new Rng(3);
  const whole = new Rng(3).words(12);
  expect([...rng.words(4), ...rng.words(8)]).toEqual(Array.from(whole));
});

test('normals have the moments and the tails of the normal distribution', () => {
  const n = 400_000;
  const z = new Rng(11).normals(n);
  const moment = (k: number) => z.reduce((sum, v) => sum + v ** k, 0) / n;
  // Four standard errors of each moment.
  expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / n));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
  const beyond3 = z.filter((v) => Math.abs(v) > 3).length / n;
  expect(Math.abs(beyond3 - 0.0026998)).toBeLessThan(4 * Math.sqrt(0.0027 / n));
});

test('the inverse distribution function meets known quantiles', () => {
  const wordOf = (tail: number) => Math.round(tail * 2 ** 32);
  for (const [tail, z] of [
    [0.25, 0.6744897502],
    [0.025, 1.9599639845],
    [0.00134989803, 3],
    [2.866515719e-7, 5],
  ] as const) {
    expect(normalFromBits(wordOf(tail))).toBeCloseTo(z, 3);
    expect(normalFromBits((wordOf(tail) | 0x80000000) >>> 0)).toBeCloseTo(-z, 3);
  }
  expect(Math.abs(normalFromBits(0x7fffffff))).toBeLessThan(1e-4);
});

test('uniform, int, choice and shuffle keep their promises', () => {
  const rng = new Rng(5);
  const draws = Array.from({ length: 20_000 }, () => rng.int(-2, 3));
  for (let value = -2; value < 3; value++)
    expect(Math.abs(draws.filter((d) => d === value).length / 20_000 - 0.2)).toBeLessThan(0.012);
  expect(Array.from({ length: 1000 }, () => rng.uniform(2, 3)).every((v) => v >= 2 && v < 3)).toBe(true);
  expect([...rng.shuffle([1, 2, 3, 4, 5])].sort()).toEqual([1, 2, 3, 4, 5]);
  expect(() => rng.int(3, 3)).toThrow('Rng.int: empty range [3, 3)');
  expect(() => new Rng(0.5)).toThrow('seed must be a safe integer');
});
