import { afterAll, beforeAll, expect, test } from 'vitest';
import { compare, type Field, mismatches } from '../../src/peers/measure.ts';
import { openField } from '../../src/peers/open.ts';
import { kernelWorks } from '../../src/peers/works/kernels.ts';

const SMALL = { pictures: 1, side: 6, channels: 8, square: 12, tokens: 10, heads: 2, headChannels: 4, groups: 4 };

let field: Field;
beforeAll(async () => {
  field = await openField();
});
// The libraries have their devices; the tests after this one look for Dawn themselves.
afterAll(() => Reflect.deleteProperty(globalThis, 'navigator'));

// Gradients include the op itself; one alone is enough for work without them.
const works = kernelWorks(SMALL).filter(({ name, kind }) => kind === 'gradients' || name.startsWith('matmul'));

test.each(works)('$name: every library gives our results', async (work) => {
  const compared = await compare(field, work, 1, () => undefined);
  expect(compared.failed).toEqual([]);
  expect(mismatches(compared)).toEqual([]);
  expect(compared.measured.map(({ peer }) => peer)).toEqual(['diffad', 'tfjs', 'jax-js']);
  for (const { wall, processor, peakBytes } of compared.measured) {
    expect(wall.median).toBeGreaterThan(0);
    expect(processor.median).toBeGreaterThan(0);
    expect(peakBytes).toBeGreaterThan(0);
  }
});
