import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const examples = new URL('..', import.meta.url);
const run = promisify(execFile);

for (const file of readdirSync(examples).filter((name) => name.endsWith('.ts')))
  test(`${file} runs and keeps its claim`, async () => {
    const { stdout } = await run(process.execPath, ['--import', 'tsx', fileURLToPath(new URL(file, examples))], {
      timeout: 300_000,
    });
    expect(stdout).not.toBe('');
  });

test.each([
  ['README.md', 'readme.ts'],
  ['packages/nn/README.md', 'curve.ts'],
])('%s shows %s as it runs', (document, example) => {
  const text = readFileSync(new URL(`../${document}`, examples), 'utf8');
  const code = readFileSync(new URL(example, examples), 'utf8').split('\n').slice(1).join('\n').trim();
  expect(text).toContain(code);
});
