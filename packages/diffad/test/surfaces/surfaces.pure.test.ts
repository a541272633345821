import { describe, expect, test } from 'vitest';
import { type DefectName, defects } from '../../src/surfaces/defects.ts';
import { surfacePicture } from '../../src/surfaces/surface-picture.ts';
import { type SurfaceName, surfaces } from '../../src/surfaces/surfaces.ts';

const surfaceNames = Object.keys(surfaces) as SurfaceName[];
const cases = surfaceNames.flatMap((surface) =>
  (Object.keys(defects) as DefectName[]).map((defect) => ({ surface, defect })),
);

describe.each(surfaceNames)('%s', (surface) => {
  test('is the same for the same (seed, index), another for any other, and within [0, 1]', () => {
    const at = (seed: number, index: number) => surfacePicture(seed, index, { surface, size: 64 });
    expect(at(1, 2)).toEqual(at(1, 2));
    expect(new Set([at(1, 2), at(1, 3), at(2, 2)].map(({ image }) => image.data.join())).size).toBe(3);
    expect(at(1, 2).image.data.every((v) => v >= 0 && v <= 1)).toBe(true);
    expect(at(1, 2).mask.data.includes(1)).toBe(false);
  });

  test('looks alike at every size: the same mean to 5 %', () => {
    const mean = (size: number) => {
      const { data } = surfacePicture(1, 0, { surface, size }).image;
      return data.reduce((a, b) => a + b, 0) / data.length;
    };
    expect(Math.abs(mean(64) / mean(128) - 1)).toBeLessThan(0.05);
  });
});

const total = (values: Float32Array) => values.reduce((a, b) => a + b, 0);

test.each(cases)('$defect on $surface: marked, small, visible, and little else is touched', ({ surface, defect }) => {
  for (let index = 0; index < 12; index++) {
    const options = { surface, size: 96 };
    const good = surfacePicture(3, index, options).image;
    const { image, mask } = surfacePicture(3, index, { ...options, defect });
    const marked = mask.data.reduce((a, b) => a + b, 0);
    expect(marked).toBeGreaterThan(8);
    expect(marked / mask.data.length).toBeLessThan(0.3);
    const change = image.data.map((v, i) => Math.abs(v - (good.data[i] as number)));
    const inside = change.filter((_, i) => mask.data[Math.floor(i / 3)]);
    expect(total(inside) / inside.length).toBeGreaterThan(0.08);
    // Outside lie the soft edges alone; of a thin scratch they are a quarter.
    expect(total(inside)).toBeGreaterThan(0.7 * total(change));
  }
});
