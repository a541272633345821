import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { loadRunData } from '../../src/run/node/load-run-data.ts';
import type { RunSettings } from '../../src/run/run-settings.ts';
import { writeSurfaces } from '../../src/surfaces/node/write-surfaces.ts';
import { shareImage } from '../../src/synthesis/node/share-image.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyConfig } from '../train/tiny.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const settings: RunSettings = { version: 1, data, textures: null, seed: 5, config: tinyConfig() };

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
