import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createImage } from '../../src/image/image.ts';
import { blendTile, cutTile, tileGrid, tiles } from '../../src/image/tiles.ts';
import { images, runs } from './arbitrary.ts';

const plan = fc
  .integer({ min: 1, max: 12 })
  .chain((size) => fc.record({ size: fc.constant(size), overlap: fc.integer({ min: 0, max: size >> 1 }) }));

test('cutting and blending is the identity, whatever the sizes', () => {
  fc.assert(
    fc.property(images(3), plan, (image, options) => {
      const grid = tileGrid(image.width, image.height, options);
      const result = createImage(image.width, image.height, 3);
      for (const tile of tiles(grid)) blendTile(result, grid, tile, cutTile(image, grid, tile));
      result.data.forEach((value, i) => void expect(value).toBeCloseTo(image.data[i] as number, 5));
    }),
    runs,
  );
});

test('neighbouring tiles share at least the overlap and none leaves the picture', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), plan, (width, options) => {
      const { columns } = tileGrid(width, 1, options);
      columns.forEach(({ start }, i) => {
        if (width >= options.size) expect(start + options.size).toBeLessThanOrEqual(width);
        if (i > 0)
          expect((columns[i - 1]?.start as number) + options.size - start).toBeGreaterThanOrEqual(options.overlap);
      });
    }),
    runs,
  );
});

test('an overlap of more than half a tile is refused', () => {
  expect(() => tileGrid(9, 9, { size: 4, overlap: 3 })).toThrow('got size 4, overlap 3');
});
