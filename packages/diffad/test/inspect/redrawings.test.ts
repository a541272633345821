import { scope, type Tensor } from '@diffad/tensor-core';
import { expect, test } from 'vitest';
import { type DiffAD, detect, parseConfig, resolveConfig } from '../../src/index.ts';
import { stackImages } from '../../src/train/batch.ts';
import { pictures, smallest } from './smallest.ts';

const read = async (tensor: Tensor): Promise<number[]> => {
  using owned = tensor;
  return Array.from(await owned.read());
};

test('of several redrawings a pixel keeps its lowest logit; the first is returned', async () => {
  const model = smallest();
  const { logit, reconstruction, alone } = scope(() => {
    const x = stackImages(pictures);
    const noises = model.inspectionNoises(2, 3);
    const { logit, reconstruction } = model.detect(x, noises);
    return { logit, reconstruction, alone: noises.map((noise) => model.detect(x, [noise])) };
  });
  const logits: number[][] = [];
  for (const one of alone) logits.push(await read(one.logit));
  expect(new Set(logits.map(String)).size).toBe(3);
  expect(await read(logit)).toEqual(logits[0]?.map((_, i) => Math.min(...logits.map((values) => values[i] as number))));
  expect(await read(reconstruction)).toEqual(await read((alone[0] as (typeof alone)[0]).reconstruction));
  for (const one of alone.slice(1)) one.reconstruction.dispose();
  for (const one of alone) one.interpolation?.dispose();
  model.dispose();
});

test('without a noise nothing is redrawn, and one line says so', () => {
  const model = smallest();
  scope(() => expect(() => model.detect(stackImages(pictures), [])).toThrow(/at least one redrawing, got none/));
  model.dispose();
});

test('the model says how many, the caller may say otherwise; more mark less', async () => {
  const [one, four] = [1, 4].map((n) => smallest({ assignments: [`sampling.redrawings=${n}`] })) as [DiffAD, DiffAD];
  const [few, many] = [await detect(one, pictures), await detect(four, pictures)];
  expect(await detect(four, pictures, { redrawings: 1 })).toEqual(few);
  expect(await detect(one, pictures, { redrawings: 4 })).toEqual(many);
  for (const [i, { logit }] of many.entries())
    expect(logit.data.every((value, k) => value <= (few[i]?.logit.data[k] as number))).toBe(true);
  expect(many.map(({ logit }) => logit)).not.toEqual(few.map(({ logit }) => logit));
  one.dispose();
  four.dispose();
});

test('a configuration written before there were any compares with one', () => {
  const config = resolveConfig({});
  const { redrawings, ...sampling } = config.sampling;
  expect(redrawings).toBe(4);
  expect(parseConfig({ ...config, sampling }, 'an old file').sampling.redrawings).toBe(1);
});
