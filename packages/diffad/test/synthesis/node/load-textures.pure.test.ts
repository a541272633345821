import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writePng } from '../../../src/image/node/write-png.ts';
import { loadTextures } from '../../../src/synthesis/node/load-textures.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { flat } from '../pictures.ts';

const folder = temporaryFolder();

test('textures of any size and channels come as RGB squares, in order of their names', async () => {
  await writePng(join(folder, 'some', 'b.png'), flat(20, 1));
  await writePng(join(folder, 'some', 'a.png'), { ...flat(6, 0, 1), width: 4, height: 9 });
  const textures = await loadTextures(join(folder, 'some'), 16);
  expect(textures).toEqual([flat(16, 0), flat(16, 1)]);
});

test('of a folder beyond the memory budget every n-th is taken', async () => {
  for (let i = 0; i < 9; i++) await writePng(join(folder, 'many', `${i}.png`), flat(1, i / 255));
  // 9 textures of 2048 px would need 432 MiB; every second fits.
  const textures = await loadTextures(join(folder, 'many'), 2048);
  expect(textures.map(({ data }) => Math.round(255 * (data[0] as number)))).toEqual([0, 2, 4, 6, 8]);
});

test('a folder without pictures is one line', async () => {
  await writePng(join(folder, 'none', '.hidden.png'), flat(1, 0));
  await expect(loadTextures(join(folder, 'none'), 16)).rejects.toThrow('none: no texture pictures in it');
});
