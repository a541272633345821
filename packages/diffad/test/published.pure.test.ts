import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type UserConfig } from 'tsdown';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const packages = fileURLToPath(new URL('../..', import.meta.url));
const modules = join(temporaryFolder(), 'node_modules');

/** Puts a package where npm would: what `publishConfig` makes of it, and links to what it depends on. */
async function install(name: string): Promise<void> {
  const [from, to] = [join(packages, name), join(modules, '@diffad', name)];
  const { default: config } = (await import(join(from, 'tsdown.config.ts'))) as {
    default: UserConfig | UserConfig[];
  };
  for (const part of [config].flat())
    await build({ ...part, cwd: from, config: false, outDir: join(to, 'dist'), dts: false, logLevel: 'silent' });
  const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  writeFileSync(join(to, 'package.json'), JSON.stringify({ ...manifest, ...manifest.publishConfig }));
  for (const folder of manifest.files.filter((file: string) => file !== 'dist'))
    cpSync(join(from, folder), join(to, folder), { recursive: true });
  for (const dependency of readdirSync(join(from, 'node_modules')).filter((entry) => !/^[.@]/.test(entry)))
    symlinkSync(join(from, 'node_modules', dependency), join(modules, dependency), 'junction');
}

test('what is published can be imported and run by Node', async () => {
  mkdirSync(modules, { recursive: true });
  for (const name of ['tensor-core', 'nn', 'diffad']) await install(name);
  const check = `
    import { Tensor } from '@diffad/tensor-core';
    import { Module } from '@diffad/nn';
    import { presets } from '@diffad/diffad';
    import { RunFolder } from '@diffad/diffad/node';
    console.log(typeof Tensor, typeof Module, typeof presets, typeof RunFolder);`;
  const node = (...args: string[]): string =>
    execFileSync(process.execPath, args, { cwd: join(modules, '..'), encoding: 'utf8' });
  expect(node('--input-type=module', '--eval', check)).toBe('function function object function\n');
  const diffad = join(modules, '@diffad/diffad');
  expect(node(join(diffad, 'dist/main.js'), '--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  const page = join(modules, 'inspector.html');
  node(join(diffad, 'dist/main.js'), 'page', '--model', join(diffad, 'models/surfaces.safetensors'), '--out', page);
  expect(readFileSync(page, 'utf8')).not.toMatch(/\bfrom ?["']@?[a-z]/);
});

test('only pnpm may pack: others are told so in one line', () => {
  const pack = (npm_config_user_agent: string) =>
    spawnSync(process.execPath, [join(packages, 'prepack.mjs')], {
      env: { ...process.env, npm_config_user_agent },
      encoding: 'utf8',
    });
  expect(pack('pnpm/12.21.0 npm/? node/v20.19.0 linux x64')).toMatchObject({ status: 0, stderr: '' });
  expect(pack('npm/11.19.1 node/v20.19.0 linux x64')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^error: packed by npm\/11\.19\.1, .+ use pnpm: .+\n$/),
  });
});
