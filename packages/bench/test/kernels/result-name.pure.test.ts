import type { Variant } from '@diffad/tensor-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resultName } from '../../src/kernels/command.ts';

const variants = fc.constantFrom<Variant[]>(['software', 'gpu'], ['gpu', 'software'], ['software'], ['gpu', 'gpu']);

test('only all ops on all kernel families go where the full table lies, and the name is one of a file', () => {
  fc.assert(
    fc.property(variants, fc.constantFrom('', 'conv2d', 'groupNorm + SiLU', '+'), (variant, only) => {
      const name = resultName({ preset: 'tiny', variant, only });
      expect(name).toMatch(/^kernels-tiny[\w-]*$/);
      expect(name === 'kernels-tiny').toBe(new Set(variant).size === 2 && only === '');
    }),
    { seed: 1 },
  );
  expect(resultName({ preset: 'tiny', variant: ['software'], only: 'conv2d' })).toBe(
    'kernels-tiny-software-only-conv2d',
  );
});
