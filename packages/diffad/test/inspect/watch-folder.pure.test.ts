import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FoundPicture } from '../../src/inspect/node/find-pictures.ts';
import { watchFolder } from '../../src/inspect/node/watch-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const parent = temporaryFolder();
const period = 20;

test('pictures are given once they stand still: those that lie there, that come, that change, and no output', async () => {
  const folder = mkdtempSync(join(parent, 'line-'));
  const out = join(folder, 'found');
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const stop = new AbortController();
  write('b.png', '1');
  write('a.PNG', '1');
  write('notes.txt', '1');
  const groups = watchFolder(folder, { out, group: 2, signal: stop.signal, period });
  const next = async (): Promise<string[] | undefined> => {
    const { value } = await groups.next();
    return (value as FoundPicture[] | undefined)?.map(({ path }) => path);
  };
  expect(await next()).toEqual(['a.PNG', 'b.png']);
  for (const name of ['panels', 'heatmaps', 'masks', 'shift'])
    mkdirSync(join(name === 'shift' ? folder : out, name), { recursive: true });
  writeFileSync(join(out, 'panels', 'a_PNG.png'), '1');
  write('shift/c.jpg', '1');
  expect(await next()).toEqual(['shift/c.jpg']);
  write('a.PNG', '12');
  expect(await next()).toEqual(['a.PNG']);
  for (const name of ['d.png', 'e.png', 'f.png']) write(name, '1');
  expect(await next()).toEqual(['d.png', 'e.png']);
  expect(await next()).toEqual(['f.png']);
  rmSync(join(folder, 'b.png'));
  utimesSync(join(folder, 'shift/c.jpg'), 1, 1);
  expect(await next()).toEqual(['shift/c.jpg']);
  write('b.png', '1'); // taken away before, so that it is a new one
  utimesSync(join(folder, 'b.png'), 1, 1);
  expect(await next()).toEqual(['b.png']);
  setTimeout(() => stop.abort(), 5 * period);
  expect(await next()).toBeUndefined();
});

test('a picture that is still being written is not given', async () => {
  const folder = mkdtempSync(join(parent, 'slow-'));
  const file = join(folder, 'a.png');
  const stop = new AbortController();
  let size = 0;
  const writing = setInterval(() => writeFileSync(file, 'x'.repeat(++size)), period / 4);
  setTimeout(() => clearInterval(writing), 15 * period);
  const groups = watchFolder(folder, { out: undefined, group: 2, signal: stop.signal, period });
  expect((await groups.next()).value).toEqual([{ path: 'a.png', file }]);
  const given = size;
  await new Promise((resolve) => setTimeout(resolve, 3 * period));
  expect(size).toBe(given);
  stop.abort();
});
