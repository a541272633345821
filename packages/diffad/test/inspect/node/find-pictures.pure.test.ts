import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findPictures } from '../../../src/inspect/node/find-pictures.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);

function place(...files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(dirname(at(file)), { recursive: true });
    writeFileSync(at(file), '');
  }
}

const own = ['heatmaps/a_png.png', 'masks/good/b_png.png', 'panels/good/b_png.png'];
const pathsOf = async (paths: readonly string[], out?: string) =>
  (await findPictures(paths, out)).map(({ path }) => path);

test.each([
  ['a folder', [at('line')]],
  ['a pattern', [`${folder}/line/**/*.png`]],
  ['what a shell makes of a pattern', ['a.png', 'good', 'found'].map((name) => at('line', name))],
])('%s has the same pictures before and after an inspection into a folder below it', async (_, paths) => {
  place('line/a.png', 'line/good/b.png', 'line/found/kept.png');
  const before = await pathsOf(paths, at('line', 'found'));
  expect(before.toSorted()).toEqual(['a.png', 'found/kept.png', 'good/b.png']);
  place(...own.map((file) => `line/found/${file}`));
  expect(await pathsOf(paths, at('line', 'found'))).toEqual(before);
  expect(await pathsOf(paths, at('elsewhere'))).toHaveLength(6);
});

test('an inspection into the very folder, and one of nothing but its own outputs', async () => {
  place('same/a.png', ...own.map((file) => `same/${file}`));
  expect(await pathsOf([at('same')], at('same'))).toEqual(['a.png']);
  await expect(findPictures([at('same', 'masks')], at('same'))).rejects.toThrow(
    `${at('same', 'masks')}: only pictures that an inspection wrote below ${at('same')}; name others, or another --out`,
  );
});
