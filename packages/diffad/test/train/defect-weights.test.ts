import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mask } from '../../src/image/image.ts';
import { defectWeights } from '../../src/train/defect-weights.ts';

const side = 4;
const factor = 2;
const width = side * factor;

/** 1 + weight where a mask pixel lies in a latent's block or in one of its neighbours' blocks. */
function naive(masks: readonly Mask[], weight: number): number[] {
  const counted = masks.flatMap(({ data }) =>
    Array.from({ length: side * side }, (_, cell) => {
      const [row, column] = [Math.floor(cell / side), cell % side];
      const near = (pixel: number): boolean =>
        Math.abs(Math.floor(pixel / width / factor) - row) <= 1 &&
        Math.abs(Math.floor((pixel % width) / factor) - column) <= 1;
      return data.some((marked, pixel) => marked === 1 && near(pixel)) ? 1 + weight : 1;
    }),
  );
  const mean = counted.reduce((sum, value) => sum + value, 0) / counted.length;
  return counted.map((value) => value / mean);
}

test('latents at and beside a defect count more, and one on average', async () => {
  const pixels = fc.array(fc.nat(width * width - 1), { maxLength: 4 });
  const property = fc.asyncProperty(
    fc.array(pixels, { minLength: 1, maxLength: 3 }),
    fc.nat(20),
    async (all, weight) => {
      const masks = all.map((marked): Mask => {
        const data = new Uint8Array(width * width);
        for (const pixel of marked) data[pixel] = 1;
        return { width, height: width, data };
      });
      using weights = defectWeights(masks, side, weight);
      expect(weights.shape).toEqual([masks.length, side, side, 1]);
      const found = Array.from(await weights.read());
      for (const [i, expected] of naive(masks, weight).entries()) expect(found[i]).toBeCloseTo(expected, 5);
    },
  );
  await fc.assert(property, { numRuns: 40 });
});
