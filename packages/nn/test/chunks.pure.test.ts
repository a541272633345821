import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plan } from '../src/optim/chunks.ts';

const tensor = fc.record({
  size: fc.integer({ min: 1, max: 700 }),
  dtype: fc.constantFrom('f32' as const, 'f16' as const),
});

test('chunks hold every tensor once, aligned, apart, of one dtype, and keep to the limit where a tensor does', () => {
  const limit = 4 * 1024;
  fc.assert(
    fc.property(fc.array(tensor, { maxLength: 30 }), (sizes) => {
      const tensors = sizes.map(({ size, dtype }, i) => [`t${i}`, { shape: [size], size, dtype }] as const);
      const chunks = plan(tensors, limit);
      const byName = Object.fromEntries(tensors);
      const names = chunks.flatMap(({ slots }) => slots.map(({ name }) => name));
      expect(names.toSorted()).toEqual(Object.keys(byName).toSorted());
      for (const { slots, size } of chunks) {
        let at = 0;
        for (const { name, begin } of slots) {
          expect(begin % 128).toBe(0);
          expect(begin).toBeGreaterThanOrEqual(at);
          at = begin + (byName[name]?.size ?? 0);
        }
        expect(size).toBeGreaterThanOrEqual(at);
        if (slots.length > 1) expect(size * 4).toBeLessThanOrEqual(limit);
        expect(new Set(slots.map(({ name }) => byName[name]?.dtype)).size).toBe(1);
      }
    }),
    { numRuns: 50 },
  );
});

test('a large network takes few chunks: 257 million numbers in 306 tensors at most three a hundred tensors', () => {
  const size = Math.ceil(257.74e6 / 306);
  const tensors = Array.from(
    { length: 306 },
    (_, i) => [`t${i}`, { shape: [size], size, dtype: 'f32' as const }] as const,
  );
  expect(plan(tensors).length / 3.06).toBeLessThanOrEqual(3);
});
