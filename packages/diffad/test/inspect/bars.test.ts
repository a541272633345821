import { expect, test } from 'vitest';
import {
  averagePrecision,
  crop,
  detect,
  evaluate,
  type Frame,
  type Image,
  type Mask,
  preprocess,
  preprocessOf,
  psnr,
  resizeMask,
  surfacePicture,
} from '../../src/index.ts';
import { concatenated } from '../../src/metrics/au-pro.ts';
import { smallest } from './smallest.ts';

const part = { x: 0, y: 0, width: 40, height: 18 };
const labelled = (['good', 'good', 'spot', 'missing'] as const).map((kind, i) => {
  const drawn = surfacePicture(4, i, { surface: 'woven', size: 40, defect: kind === 'good' ? null : kind });
  const mask = drawn.mask ?? { width: 40, height: 40, data: new Uint8Array(1600) };
  return { path: `${i}.png`, kind, image: crop(drawn.image, part), mask: croppedMask(mask, part) };
});

function croppedMask({ width, height, data }: Mask, frame: Frame): Mask {
  const { data: cut } = crop({ width, height, channels: 1, data: Float32Array.from(data) }, frame);
  return { width: frame.width, height: frame.height, data: Uint8Array.from(cut) };
}

const flat = (maps: readonly { readonly data: ArrayLike<number> }[]): number[] =>
  maps.flatMap(({ data }) => Array.from(data));

test('the bars beside a picture count in no figure of its pixels, nor in the trivial ones', async () => {
  const model = smallest();
  const options = preprocessOf(model.config);
  const fitted = labelled.map(({ image }) => preprocess(image, options));
  const { frame } = fitted[0] as (typeof fitted)[0];
  expect(frame).toEqual({ x: 0, y: 4, width: 16, height: 7 });
  const found = await detect(
    model,
    fitted.map(({ image }) => image),
  );
  const normals = fitted.slice(0, 2).map(({ image }) => image);
  const { evaluation, tested } = await evaluate(model, labelled, normals);
  const masks = labelled.map(({ mask }) => resizeMask(mask, 16, 7, 'gt0.5'));
  const truth = flat(masks);
  expect(truth).toContain(1);
  expect(tested.map(({ mask }) => mask)).toEqual(masks);
  const logits = found.map(({ logit }) => crop(logit, frame));
  expect(evaluation.pixelAp).toBe(averagePrecision(concatenated(logits), truth));
  const seen = fitted.map(({ image }) => crop(image, frame));
  const redrawn = found.map(({ reconstruction }) => crop(reconstruction, frame));
  expect(evaluation.psnr.normal).toBe(psnr(redrawn.slice(0, 2), seen.slice(0, 2)));
  expect(evaluation.psnr.outside).toBe(psnr(redrawn, seen, (picture, pixel) => masks[picture]?.data[pixel] === 0));
  const darkness = (picture: Image) =>
    Array.from(
      { length: 16 * 7 },
      (_, i) =>
        -flat([picture])
          .slice(3 * i, 3 * i + 3)
          .reduce((a, b) => a + b) / 3,
    );
  expect(evaluation.baselines.pixelAp.darkness).toBe(averagePrecision(seen.flatMap(darkness), truth));
  model.dispose();
});
