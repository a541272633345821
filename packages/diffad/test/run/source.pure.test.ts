import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { commit } from '../../src/run/node/source.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const source = 'packages/diffad/src/source.ts';
const result = 'packages/bench/results/kernels-tiny.md';

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const noGit = spawnSync('git', ['--version']).status !== 0;

test.skipIf(noGit)('a commit has changes when a source differs, not when a result or another file does', () => {
  vi.stubEnv('DIFFAD_COMMIT', '');
  const git = (...args: string[]): string => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
  for (const path of [source, result, 'README.md']) write(path, 'first');
  git('init', '--quiet');
  for (const setting of ['user.name=a', 'user.email=a@b', 'commit.gpgsign=false']) git('config', ...setting.split('='));
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  const clean = git('rev-parse', '--short', 'HEAD').trim();
  const now = (): string => commit(join(folder, source));
  expect(now()).toBe(clean);
  for (const path of [result, 'README.md']) write(path, 'second');
  expect(now()).toBe(clean);
  write(source, 'second');
  expect(now()).toBe(`${clean}, with changes`);
  vi.unstubAllEnvs();
});
