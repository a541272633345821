import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxesFromMask } from '../../src/image/boxes.ts';
import { connectedComponents } from '../../src/image/components.ts';
import type { Mask } from '../../src/image/image.ts';
import { maskOutline } from '../../src/image/outline.ts';
import { masks, runs } from './arbitrary.ts';

/** Labels by flooding from every unlabelled pixel: the definition, slowly. */
function flooded({ width, height, data }: Mask): Int32Array {
  const labels = new Int32Array(data.length);
  let count = 0;
  const flood = (x: number, y: number): void => {
    const i = y * width + x;
    if (x < 0 || y < 0 || x >= width || y >= height || data[i] === 0 || labels[i] !== 0) return;
    labels[i] = count;
    for (const dy of [-1, 0, 1]) for (const dx of [-1, 0, 1]) flood(x + dx, y + dy);
  };
  data.forEach((value, i) => {
    if (value === 0 || labels[i] !== 0) return;
    count++;
    flood(i % width, Math.floor(i / width));
  });
  return labels;
}

describe('connectedComponents', () => {
  test('labels as flooding does, at every density', () => {
    const any = fc.constantFrom(0.1, 0.3, 0.5, 0.8).chain(masks);
    fc.assert(
      fc.property(any, (mask) => {
        const { labels, areas, count } = connectedComponents(mask);
        expect(labels).toEqual(flooded(mask));
        expect(areas.length).toBe(count + 1);
        areas.forEach((area, label) => void expect(area).toBe(labels.filter((l) => l === label).length));
      }),
      { ...runs, numRuns: 200 },
    );
  });

  test('diagonal neighbours touch', () => {
    expect(connectedComponents({ width: 2, height: 2, data: Uint8Array.of(1, 0, 0, 1) }).count).toBe(1);
  });
});

describe('boxesFromMask', () => {
  test('every box is tight, the largest first, and no defect pixel lies outside all boxes', () => {
    fc.assert(
      fc.property(masks(0.2), (mask) => {
        const boxes = boxesFromMask(mask);
        const at = (x: number, y: number) => mask.data[y * mask.width + x] as number;
        const sum = boxes.reduce((total, { area }) => total + area, 0);
        expect(sum).toBe(mask.data.reduce((total, v) => total + v, 0));
        boxes.forEach(({ x, y, width, height, area }, i) => {
          const columns = Array.from({ length: width }, (_, k) => x + k);
          const rows = Array.from({ length: height }, (_, k) => y + k);
          expect(columns.some((c) => at(c, y)) && columns.some((c) => at(c, y + height - 1))).toBe(true);
          expect(rows.some((r) => at(x, r)) && rows.some((r) => at(x + width - 1, r))).toBe(true);
          if (i > 0) expect(boxes[i - 1]?.area).toBeGreaterThanOrEqual(area);
        });
      }),
      runs,
    );
  });

  test('small specks are left out', () => {
    const mask = { width: 5, height: 1, data: Uint8Array.of(1, 0, 1, 1, 0) };
    expect(boxesFromMask(mask, 2)).toEqual([{ x: 2, y: 0, width: 2, height: 1, area: 2 }]);
  });
});

test('an outline is part of its mask, and filling it gives the mask back where it is solid', () => {
  const mask: Mask = { width: 5, height: 5, data: new Uint8Array(25).fill(1) };
  expect([...maskOutline(mask).data].reduce((a, b) => a + b)).toBe(16);
});
