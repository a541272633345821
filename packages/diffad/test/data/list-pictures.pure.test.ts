import { mkdir, symlink, writeFile } from 'node:fs/promises';
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

test('links to folders are followed as folders are, and those that lead back end', async () => {
  const elsewhere = await files('elsewhere', 'scratch/a.png', 'scratch/deep/b.png', 'dent/c.png', '.d.png');
  const root = await files('linked', 'train/good/0.png', '.hidden/e.png');
  for (const [target, link] of [
    [join(elsewhere, 'scratch'), 'test/scratch'],
    [join(elsewhere, 'dent'), 'test/dent'],
    [root, 'train/good/all'],
    [join(root, 'train'), 'train/good/up'],
    [join(root, 'test'), '../elsewhere/dent/back'],
    [join(root, 'gone'), 'test/gone'],
    [elsewhere, '.hidden/f'],
  ] as const) {
    await mkdir(dirname(join(root, link)), { recursive: true });
    await symlink(target, join(root, link), 'junction');
  }
  expect(await listPictures(root)).toEqual([
    'test/dent/c.png',
    'test/scratch/a.png',
    'test/scratch/deep/b.png',
    'train/good/0.png',
  ]);
});
