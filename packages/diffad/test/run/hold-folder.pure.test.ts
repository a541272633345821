import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdFolder } from '../../src/run/node/hold-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const fresh = (): string => mkdtempSync(join(folder, 'run-'));
const heldBy = (holder: unknown): string => {
  const run = fresh();
  writeFileSync(join(run, 'training.lock'), typeof holder === 'string' ? holder : JSON.stringify(holder));
  return run;
};

test('a folder held by a living process of this machine is refused with its number, and free once that has ended', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const run = heldBy({ host: hostname(), pid: other.pid });
  await expect(holdFolder(run)).rejects.toThrow(
    `${run}: process ${other.pid} trains in it; wait until it has ended, or stop it`,
  );
  other.kill('SIGKILL');
  await once(other, 'exit');
  await using _ = await holdFolder(run);
  expect(readdirSync(run)).toEqual(['training.lock']);
});

test.each([
  ['an earlier life of this process number, as in a container', { host: hostname(), pid: process.pid }],
  ['another machine, which cannot be asked', { host: 'elsewhere', pid: process.pid }],
  ['a program that was killed while it wrote', ''],
])('a folder left by %s is taken over, and given back', async (_, holder) => {
  const run = heldBy(holder);
  await (await holdFolder(run))[Symbol.asyncDispose]();
  expect(readdirSync(run)).toEqual([]);
});

test('a folder that cannot be written is refused in one line', async () => {
  const gone = join(folder, 'gone');
  await expect(holdFolder(gone)).rejects.toThrow(`${join(gone, 'training.lock')}: does not exist`);
});
