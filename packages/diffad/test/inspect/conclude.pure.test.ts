import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createImage, probabilityOf } from '../../src/index.ts';
import { conclude } from '../../src/inspect/inspect.ts';
import { images, runs } from '../image/arbitrary.ts';

test('what is marked goes with the verdict: nothing on a good picture, on a bad one what reaches the threshold', () => {
  const shares = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(images(1), shares, shares, (logit, score, threshold) => {
      const { width, height } = logit;
      const redrawn = { reconstruction: createImage(width, height, 3), interpolation: null };
      const { verdict, mask, boxes } = conclude({ score, logit, ...redrawn }, logit, threshold);
      expect(verdict).toBe(score >= threshold ? 'NG' : 'OK');
      const marked = Array.from(probabilityOf(logit).data, (value) => (verdict === 'NG' && value >= threshold ? 1 : 0));
      expect([...mask.data]).toEqual(marked);
      expect(boxes.reduce((sum, { area }) => sum + area, 0)).toBe(marked.filter((pixel) => pixel === 1).length);
    }),
    runs,
  );
});
