import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { listPictures } from '../../src/data/node/list-pictures.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();

async function files(root: string, ...paths: string[]): Promise<string> {
  for (const path of paths) {
    await mkdir(dirname(join(folder, root, path)), { recursive: true });
    await writeFile(join(folder, root, path), '');
  }
  return join(folder, root);
}

const run = (at: string): string[] =>
  ['config.json', 'environment.json', 'split.json', 'previews/vae-3.png'].map((file) => at + file);

test('previews of a run within the data set are none of its pictures, at any depth', async () => {
  const pictures = ['a.png', 'running/b.PNG', 'running/previews/c.jpg'];
  const root = await files('parts', ...pictures, ...run('run/'), ...run('running/late/'), '.hidden/d.png');
  expect(await listPictures(root)).toEqual(pictures);
});

test('only a whole run folder is left out, and a run that is asked for itself is listed', async () => {
  const root = await files('near', ...run('half/').filter((path) => !path.includes('environment')));
  expect(await listPictures(root)).toEqual(['half/previews/vae-3.png']);
  expect(await listPictures(await files('whole', ...run('')))).toEqual(['previews/vae-3.png']);
});
