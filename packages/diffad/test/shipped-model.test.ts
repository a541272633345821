import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkGolden, inspect, loadModel, surfacePicture } from '../src/index.ts';
import { openModel } from '../src/model-file.ts';
import { SHIPPED_MODEL } from '../src/shipped-model.ts';

const path = fileURLToPath(SHIPPED_MODEL);

test('the shipped model says which command made it', async () => {
  expect((await openModel(path)).manifest.note).toBe('npm run demo:model');
});

test('the shipped model scores its golden picture here as where it was trained', async () => {
  const model = await loadModel(path);
  expect((await checkGolden(model))?.agrees).toBe(true);
  model.dispose();
});

test.each(['woven', 'brushed', 'speckled'] as const)(
  'the shipped model tells a broken %s surface from a good one',
  async (surface) => {
    const model = await loadModel(path);
    const picture = (defect: 'missing' | null) => surfacePicture(77, 5, { surface, size: 128, defect }).image;
    const [good, spoiled] = [await inspect(model, picture(null)), await inspect(model, picture('missing'))];
    expect(spoiled.score).toBeGreaterThan(good.score);
    expect(spoiled.verdict).toBe('NG');
    model.dispose();
  },
);
