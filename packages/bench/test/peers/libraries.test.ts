import { Rng } from '@diffad/tensor-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compare, type Field, mismatches } from '../../src/peers/measure.ts';
import { openField } from '../../src/peers/open.ts';
import type { Work } from '../../src/peers/work.ts';
import { normals } from '../../src/peers/works/hosts.ts';
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

/** What the networks need besides, one after another; every value reaches the result. */
const shape = [2, 4, 6, 8];
const rng = new Rng(2);
const pictures: Work = {
  name: 'pictures up, down, apart and together',
  kind: 'forward',
  parameters: {},
  inputs: {
    x: normals(rng, shape, 'pictures'),
    vector: normals(rng, [2, 8]),
    w: normals(rng, [8, 8]),
    ...Object.fromEntries(['weight', 'bias', 'mean'].map((name) => [name, normals(rng, [8])])),
    variance: { role: 'plain', shape: [8], data: Float32Array.from({ length: 8 }, (_, i) => 0.5 + i) },
  },
  result: { role: 'pictures', shape: [2, 3, 5, 8] },
  tolerance: 1e-5,
  compute: (ops, get) => {
    const of = { weight: get('weight'), bias: get('bias'), mean: get('mean'), variance: get('variance') };
    const resized = ops.maxPool(ops.upsampleBilinear(ops.addVector(get('x'), get('vector'))));
    const normal = ops.relu(ops.shift(ops.batchNorm(ops.pointwise(resized, get('w'), get('bias')), of), 0.5));
    const turned = ops.concat(ops.split(normal, [3, 5]).toReversed());
    const again = ops.pictures(ops.tokens(ops.stack([...ops.halves(turned)].reverse())), 4, 6);
    return ops.clamp(ops.differences(ops.differences(again, 'rows'), 'columns'), -2, 2);
  },
};

test.each([pictures, ...works])('$name: every library gives our results', async (work) => {
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
