import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writePng } from '../../src/image/node/write-png.ts';
import { restore } from '../../src/image/stored-image.ts';
import { loadRunData } from '../../src/run/node/load-run-data.ts';
import { startRun } from '../../src/run/node/train-run.ts';
import { writeWhole } from '../../src/run/node/write-whole.ts';
import type { RunSettings } from '../../src/run/run-settings.ts';
import { writeSurfaces } from '../../src/surfaces/node/write-surfaces.ts';
import { shareImage } from '../../src/synthesis/node/share-image.ts';
import { Simulator } from '../../src/synthesis/simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyConfig } from '../train/tiny.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const settings: RunSettings = { version: 1, data, textures: null, seed: 5, config: tinyConfig() };

const pictures = Array.from({ length: 8 }, (_, i) => `train/good/woven-00${i}.png`);

beforeAll(async () => {
  await writeSurfaces(data, { surfaces: ['woven'], size: 32, train: 8, good: 2, perDefect: 1 });
});

test('normals and textures lie in shared memory from the start, so that threads need no second copy', async () => {
  const { training } = await loadRunData({ ...settings, textures: join(data, 'test') });
  const { normals, textures } = training.simulator;
  expect([normals.length, textures.length]).toEqual([6, 5]);
  for (const image of [...normals, ...textures]) {
    expect(image.data.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(shareImage(image)).toBe(image);
  }
});

test('to learn from windows, pictures are kept in the bytes of their files, and give the same items as floats', async () => {
  const config = tinyConfig({ patch: { overlap: 0.25 } });
  const { simulator } = (await loadRunData({ ...settings, config })).training;
  const { normals, textures, options } = simulator;
  for (const { data } of normals) {
    expect(data).toBeInstanceOf(Uint8Array);
    expect(data.buffer).toBeInstanceOf(SharedArrayBuffer);
  }
  const floats = new Simulator(
    normals.map((image) => restore(image)),
    textures,
    options,
  );
  for (let i = 0; i < 6; i++) expect(simulator.item(i)).toEqual(floats.item(i));
});

test('a run goes on with the split it was begun with, whatever the seed would draw, and on the same pictures alone', async () => {
  const { split, training } = await loadRunData({ ...settings, seed: 6 });
  const resumed = await loadRunData(settings, split);
  expect((await loadRunData(settings)).split).not.toEqual(split);
  expect(resumed.split).toBe(split);
  expect(resumed.training.simulator.normals).toEqual(training.simulator.normals);
  expect(resumed.training.heldOut).toEqual(training.heldOut);
  const begun = { ...split, train: split.train.slice(1) };
  await expect(loadRunData(settings, begun)).rejects.toThrow(
    `${data}: holds 8 normal pictures, the run was begun with 7: 1 new (${split.train[0]}); make the folder what it was`,
  );
});

test.each(['from', 'autoencoder'])(
  'a run that starts from another (--%s) holds out what that one did, with any seed',
  async (way) => {
    const { split } = await loadRunData(settings);
    const source = join(folder, way);
    await writeWhole(join(source, 'split.json'), JSON.stringify(split));
    for (const path of [source, join(source, 'model.safetensors')]) {
      const begun = await loadRunData({ ...settings, seed: 6, [way]: path });
      expect([...begun.split.heldOut].sort()).toEqual([...split.heldOut].sort());
      expect(begun.roles.slice(1)).toEqual([
        `note: none of the 6 pictures that ${path} was trained on (same file names) is held out`,
      ]);
      expect((await loadRunData({ ...settings, [way]: path })).split).toEqual({ ...split, known: split.train });
    }
  },
);

test('where nothing says what the other run held out, the seed decides, and that is said', async () => {
  const from = join(folder, 'alone', 'model.safetensors');
  const { split, roles } = await loadRunData({ ...settings, from });
  expect(split).toEqual((await loadRunData(settings)).split);
  expect(roles.slice(1)).toEqual([`note: no split.json beside ${from}: what is held out here may be known to it`]);
});

test('a run folder where pictures of the data set lie is refused, before anything is written', async () => {
  await expect(startRun(data, settings)).rejects.toThrow(
    `${data}: 16 pictures of the data set lie in it, first ground_truth/missing/woven-000_mask.png; choose a folder of its own for the run, e.g. ${join(data, 'run')}`,
  );
  const inside = join(data, 'train', 'good');
  await expect(startRun(inside, settings)).rejects.toThrow(
    `${inside}: 8 pictures of the data set lie in it, first ${pictures[0]}`,
  );
  expect(readdirSync(data).sort()).toEqual(['ground_truth', 'test', 'train']);
  expect(readdirSync(inside)).toHaveLength(8);
});

test('of normals only the region is learnt from, defects are simulated in it, and a picture that it does not fit is named', async () => {
  const region = join(folder, 'region.png');
  const columns = { width: 16, height: 16, data: Uint8Array.from({ length: 256 }, (_, i) => (i % 16 < 4 ? 1 : 0)) };
  await writePng(region, columns);
  const run = await loadRunData({ ...settings, region });
  expect(run.region).toEqual(columns);
  expect(run.roles.at(-1)).toBe(`region: ${region}, 25 % of a picture`);
  const { simulator, heldOut } = run.training;
  const { size } = settings.config;
  const outside = (i: number): boolean => i % size >= size / 4;
  for (const { data } of [...simulator.normals, ...heldOut])
    expect(data.every((value, i) => value === 0 || !outside(Math.floor(i / 3)))).toBe(true);
  const items = Array.from({ length: 16 }, (_, i) => simulator.item(i));
  expect(items.some(({ mask }) => mask.data.includes(1))).toBe(true);
  for (const { normal, image, mask } of items) {
    expect(mask.data.every((value, i) => value === 0 || !outside(i))).toBe(true);
    expect(image.data.every((value, i) => value === normal.data[i] || !outside(Math.floor(i / 3)))).toBe(true);
  }
  const wide = join(folder, 'wide.png');
  await writePng(wide, { width: 32, height: 16, data: new Uint8Array(512).fill(1) });
  await expect(loadRunData({ ...settings, region: wide })).rejects.toThrow(
    /woven-00\d\.png: 32x32 px, but the region of interest was drawn on pictures of 32x16; the aspect ratios must agree$/,
  );
  const dot = join(folder, 'dot.png');
  await writePng(dot, { width: 64, height: 64, data: Uint8Array.from({ length: 4096 }, (_, i) => (i === 99 ? 1 : 0)) });
  await expect(loadRunData({ ...settings, region: dot })).rejects.toThrow(
    'the region of interest does not fill one of the 16x16 pixels that the networks see; crop the pictures to it',
  );
  const normal = join(data, pictures[0] as string);
  await expect(loadRunData({ ...settings, region: normal })).rejects.toThrow(
    `${normal}: is the region of interest and one of the normal pictures; move it out of ${data}`,
  );
  const black = join(folder, 'black.png');
  await writePng(black, { width: 4, height: 4, data: new Uint8Array(16) });
  await expect(loadRunData({ ...settings, region: black })).rejects.toThrow(
    `${black}: none of its 4x4 pixels is white; white is what is judged`,
  );
});
