import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const examples = new URL('..', import.meta.url);
const run = promisify(execFile);

for (const file of readdirSync(examples).filter((name) => name.endsWith('.ts')))
  test(`${file} runs and keeps its claim`, async () => {
    const { stdout } = await run(process.execPath, ['--import', 'tsx', new URL(file, examples).pathname], {
      timeout: 300_000,
    });
    expect(stdout).not.toBe('');
  });

test('the README shows the example that runs', () => {
  const readme = readFileSync(new URL('../README.md', examples), 'utf8');
  const code = readFileSync(new URL('readme.ts', examples), 'utf8').split('\n').slice(1).join('\n').trim();
  expect(readme).toContain(code);
});
