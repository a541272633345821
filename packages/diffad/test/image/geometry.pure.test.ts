import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dihedral } from '../../src/image/dihedral.ts';
import { type MaskMode, resizeMask } from '../../src/image/mask.ts';
import { postprocess, preprocess } from '../../src/image/preprocess.ts';
import { mirror, rotate } from '../../src/image/rotate.ts';
import { images, masks, runs } from './arbitrary.ts';

describe('rotate', () => {
  test('by 90 degrees is the quarter turn, for squares', () => {
    fc.assert(
      fc.property(images(1), (image) => {
        const side = Math.min(image.width, image.height);
        const square = { width: side, height: side, channels: 1, data: image.data.slice(0, side * side) };
        const turned = dihedral(square, 3).data;
        rotate(square, 90, 'reflect').data.forEach((v, i) => void expect(v).toBeCloseTo(turned[i] as number, 5));
      }),
      runs,
    );
  });

  test('reflect keeps a constant, zero blackens the corners and keeps the centre', () => {
    const flat = { width: 9, height: 9, channels: 1, data: new Float32Array(81).fill(1) };
    for (const value of rotate(flat, 33, 'reflect').data) expect(value).toBeCloseTo(1, 6);
    const black = rotate(flat, 45).data;
    expect(black[0]).toBe(0);
    expect(black[40]).toBeCloseTo(1, 6);
  });

  test('mirror folds every index into the picture', () => {
    expect([-2, -1, 0, 1, 2, 3, 4].map((i) => mirror(i, 3))).toEqual([2, 1, 0, 1, 2, 1, 0]);
    expect(mirror(5, 1)).toBe(0);
  });
});

describe('resizeMask', () => {
  test('the rules are ordered: diffad within gt0.5 within any, when shrinking by a whole factor of two', () => {
    fc.assert(
      fc.property(masks(0.6), (mask) => {
        const [width, height] = [mask.width * 2, mask.height * 2];
        const large = { width, height, data: new Uint8Array(4 * mask.data.length) };
        large.data.forEach((_, i) => {
          large.data[i] = mask.data[(i * 7) % mask.data.length] as number;
        });
        const under = (mode: MaskMode) => resizeMask(large, mask.width, mask.height, mode).data;
        const [strict, half, any] = [under('diffad'), under('gt0.5'), under('any')];
        strict.forEach((value, i) => {
          expect(value).toBeLessThanOrEqual(half[i] as number);
          expect(half[i]).toBeLessThanOrEqual(any[i] as number);
        });
      }),
      runs,
    );
  });

  test('a thin crack survives only under `any`', () => {
    const crack = { width: 8, height: 8, data: Uint8Array.from({ length: 64 }, (_, i) => (i % 8 === 3 ? 1 : 0)) };
    const area = (mode: MaskMode) => resizeMask(crack, 2, 2, mode).data.reduce((a, b) => a + b, 0);
    expect([area('diffad'), area('gt0.5'), area('any')]).toEqual([0, 0, 2]);
  });
});

test('postprocess undoes what preprocess does to the values', () => {
  fc.assert(
    fc.property(images(3), fc.constantFrom('rgb', 'bgr'), (image, channelOrder) => {
      const side = Math.max(image.width, image.height);
      const options = { size: side, resize: 'bilinear', channelOrder } as const;
      const { image: input, frame } = preprocess(image, options);
      const back = postprocess(input, options);
      expect(frame).toMatchObject({ width: image.width, height: image.height });
      const first = 3 * (frame.y * side + frame.x);
      for (let c = 0; c < 3; c++) expect(back.data[first + c]).toBeCloseTo(image.data[c] as number, 6);
    }),
    runs,
  );
});
