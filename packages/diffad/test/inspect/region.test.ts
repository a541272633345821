import { expect, test } from 'vitest';
import { makeGolden } from '../../src/golden.ts';
import { checkGolden, type Image, inspect, loadModel, type Mask, measureUsual, saveModel } from '../../src/index.ts';
import { judge } from '../../src/inspect/judge.ts';
import { pictures, smallest } from './smallest.ts';

/** The lower three quarters of a picture. */
const region: Mask = { width: 4, height: 4, data: Uint8Array.from({ length: 16 }, (_, i) => (i < 4 ? 0 : 1)) };
const [normal] = pictures as [Image];

/** The picture with a white bar where nobody looks, `rows` of its 16 rows. */
const spoiled = (picture: Image, rows: number): Image => ({
  ...picture,
  data: picture.data.map((value, i) => (i < rows * picture.width * 3 ? 1 : value)),
});

test.each([{}, { tile: true }])('what lies outside of the region changes nothing, %j', async (options) => {
  const model = smallest();
  const all = await judge(model, spoiled(normal, 4), options);
  model.region = region;
  await measureUsual(model, [normal]);
  const [clean, bar] = [await judge(model, normal, options), await judge(model, spoiled(normal, 4), options)];
  expect(bar).toEqual(clean);
  expect(clean.score).not.toBe(all.score);
  expect((await judge(model, spoiled(normal, 5), options)).score).not.toBe(clean.score);
  model.dispose();
});

test('what is usual is measured inside', async () => {
  const [model, other] = [smallest(), smallest()];
  model.region = region;
  for (const one of [model, other]) await measureUsual(one, [normal]);
  expect(model.usualLevel).not.toBe(other.usualLevel);
  const values = [...(await judge(model, normal)).logit.data.slice(4 * 16)].sort((a, b) => a - b);
  expect(model.usualLevel).toBeCloseTo(((values[95] as number) + (values[96] as number)) / 2, 4);
  model.dispose();
  other.dispose();
});

test('a model file keeps the region; the golden picture, which may be a window, is judged all over', async () => {
  const model = smallest();
  model.region = region;
  model.golden = await makeGolden(model, spoiled(normal, 4));
  const chunks: Uint8Array[] = [];
  await saveModel(model, { write: async (bytes) => void chunks.push(bytes.slice()) });
  const loaded = await loadModel(new Uint8Array(Buffer.concat(chunks)));
  expect(loaded.region).toEqual(region);
  expect(await checkGolden(loaded)).toMatchObject({ agrees: true });
  const found = await inspect(loaded, spoiled(normal, 4), { threshold: 0 });
  expect(found).toEqual(await inspect(model, normal, { threshold: 0 }));
  model.dispose();
  loaded.dispose();
});
