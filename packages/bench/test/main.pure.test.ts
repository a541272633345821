import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Runs the command as a user does; these end before a device is opened. */
const bench = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', main, ...args], { encoding: 'utf8' });

test.each([
  [['kernels', '--onyl', 'conv2d'], /^error: unknown option '--onyl'/],
  [
    ['peers', '--rounds', '0'],
    /^error: option '--rounds <n>' argument '0' is invalid\. a whole number >= 1 is needed\.$/,
  ],
  [['profile', '--out', main], /main\.ts: is a file, not a folder$/],
  [['ablation', '--data', 'generated:woven', '--store', tmpdir(), '--out', main], /main\.ts: is a file, not a folder$/],
  [['kernels', '--only', 'conv9d'], /^error: --only conv9d: no op is named like it; choose .*matmul.*$/],
  [
    ['peers', '--only', 'conv9d'],
    /^error: --only conv9d: no work is named like it; choose conv2d 3x3, .*; tiny UNet, training step of \d+; .*$/,
  ],
  [
    ['peers', '--works', 'networks', '--only', 'conv2d'],
    /^error: --only conv2d: no work is named like it; choose tiny UNet, .*$/,
  ],
])('%s is a mistake: code 2', (args, message) => {
  const { status, stdout, stderr } = bench(...args);
  expect(stderr.trim().split('\n')[0]).toMatch(message);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});

test('help is none', () => {
  expect(bench('kernels', '--help')).toMatchObject({ status: 0, stderr: '' });
});
