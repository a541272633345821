import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const output = new URL('../../src/cli/output.ts', import.meta.url).href;

/** What `fail` writes into a pipe while the answer goes to a terminal. */
function failed(settings: NodeJS.ProcessEnv): string {
  const program = `process.stdout.isTTY = true; const { fail } = await import('${output}'); fail('wrong');`;
  const { CI, NO_COLOR, FORCE_COLOR, ...env } = process.env;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  return spawnSync(process.execPath, args, { env: { ...env, ...settings }, encoding: 'utf8' }).stderr;
}

test('a mistake is red where standard error is a terminal, not where only the answer goes to one', () => {
  expect(failed({})).toBe('error: wrong\n');
  expect(failed({ FORCE_COLOR: '1' })).toBe('\u001b[31merror:\u001b[39m wrong\n');
});
