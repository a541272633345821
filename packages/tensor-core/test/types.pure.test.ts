import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';
import { expect, test } from 'vitest';
import config from '../tsdown.config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

test('the published types hold for whoever compiles for ES2022, checked libraries included', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'types-'));
  await build({ ...config, cwd: root, config: false, outDir: folder, dts: { emitDtsOnly: true }, logLevel: 'silent' });
  await writeFile(
    join(folder, 'user.ts'),
    `import type { Tensor } from './index.js';\nexport const end = (t: Tensor): void => t[Symbol.dispose]();\n`,
  );
  const options = ['--noEmit', '--strict', '--target', 'ES2022', '--lib', 'ES2022,DOM', '--module', 'NodeNext'];
  const { stdout } = spawnSync(process.execPath, [compiler, ...options, 'user.ts'], { cwd: folder, encoding: 'utf8' });
  expect(stdout).toBe('');
  await rm(folder, { recursive: true });
});
