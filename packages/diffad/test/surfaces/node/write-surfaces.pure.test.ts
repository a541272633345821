import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkData } from '../../../src/data/node/check-data.ts';
import { readImage, readMask } from '../../../src/image/node/read-image.ts';
import { writeSurfaces } from '../../../src/surfaces/node/write-surfaces.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();

test('what is written is a sound data set of its own', async () => {
  const root = join(folder, 'woven');
  expect(await writeSurfaces(root, { surfaces: ['woven'], size: 32, train: 5, good: 2, perDefect: 2 })).toBe(13);
  expect(await checkData(root)).toMatchObject({
    layout: 'MVTec-AD',
    counts: { train: 5, test: 8, masks: 6, unused: 0 },
    kinds: { good: 2, missing: 2, scratch: 2, spot: 2 },
    problems: [],
  });
});

test('asking for more keeps the pictures that were there', async () => {
  const [few, more] = [join(folder, 'few'), join(folder, 'more')];
  const options = { surfaces: ['speckled'], size: 32, good: 1, perDefect: 1 } as const;
  await Promise.all([writeSurfaces(few, { ...options, train: 1 }), writeSurfaces(more, { ...options, train: 3 })]);
  for (const path of ['train/good/speckled-000.png', 'test/good/speckled-000.png', 'test/spot/speckled-000.png'])
    expect(await readImage(join(more, path))).toEqual(await readImage(join(few, path)));
  expect((await readMask(join(few, 'ground_truth/spot/speckled-000_mask.png'))).data).toContain(1);
});

test('other pictures in the folder are left alone, its own are written again', async () => {
  const root = join(folder, 'again');
  const options = { surfaces: ['brushed'], size: 32, train: 2, good: 1, perDefect: 1 } as const;
  await writeSurfaces(root, options);
  expect(await writeSurfaces(root, options)).toBe(6);
  await expect(writeSurfaces(root, { ...options, train: 1 })).rejects.toThrow(
    `${root}: holds 1 other picture, first train/good/brushed-001.png; the data set would mix with them`,
  );
  const [own, part] = [join(folder, 'own'), join(root, 'train/good/brushed-000.png')];
  await mkdir(own);
  await copyFile(part, join(own, 'part.png'));
  await expect(writeSurfaces(own, options)).rejects.toThrow(`${own}: holds 1 other picture, first part.png`);
  expect(await readdir(own)).toEqual(['part.png']);
});
