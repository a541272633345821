import { Rng, randn, scope } from '@diffad/tensor-core';
import { expect, test } from 'vitest';
import { createMask, detect, evaluate, surfacePicture } from '../../src/index.ts';
import { pictures, smallest } from './smallest.ts';

test.each(['full', 'c'])('%s: the control shows the discriminator D(c) for what the UNet draws', async (variant) => {
  const model = smallest({ variant });
  const control = await detect(model, pictures, { reconstruction: 'copied' });
  const sampled = await detect(model, pictures);
  expect(control.map(({ logit }) => logit)).not.toEqual(sampled.map(({ logit }) => logit));
  expect(await detect(model, pictures, { reconstruction: 'copied', steps: 2, seed: 9 })).toEqual(control);
  model.dispose();
});

test('redrawing into the latents themselves is the control', async () => {
  const model = smallest();
  const rng = new Rng(1);
  const [control, unchanged] = scope(() => {
    const x = randn([2, 16, 16, 3], rng);
    const c = model.encode(x);
    return [model.detectCopied(x).logit, model.mark(x, model.reveal(c, c))];
  });
  const expected = Array.from(await control.read());
  const got = Array.from(await unchanged.read());
  for (const [i, value] of got.entries()) expect(value).toBeCloseTo(expected[i] as number, 4);
  control.dispose();
  unchanged.dispose();
  model.dispose();
});

test('the control is judged as the method is: through windows where the caller asks for them', async () => {
  const model = smallest();
  const labelled = ['good', 'scratch'].map((kind, i) => {
    const { image } = surfacePicture(1, i, { surface: 'woven', size: 40 });
    const mask = createMask(40, 40);
    mask.data.fill(1, 0, 80);
    return { path: `${kind}.png`, kind, image, mask: kind === 'good' ? null : mask };
  });
  const controls = [];
  for (const tile of [true, false]) {
    const { evaluation } = await evaluate(model, labelled, [], { tile });
    const { evaluation: copied } = await evaluate(model, labelled, [], { tile, reconstruction: 'copied' });
    expect(evaluation.control).toEqual({
      imageAuroc: copied.imageAuroc,
      pixelAp: copied.pixelAp,
      psnrNormal: copied.psnr.normal,
    });
    controls.push(evaluation.control);
  }
  expect(controls[0]).not.toEqual(controls[1]);
  model.dispose();
});
