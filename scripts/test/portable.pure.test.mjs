import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { nativePackages, ofDawn } from '../portable/contents.mjs';
import { parseLdd } from '../portable/libraries.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the shared libraries of a binary, its loader included, in what ldd prints', () => {
  const text = [
    '\tlinux-vdso.so.1 (0x00007ffd8a3f2000)',
    '\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007f7dd6775000)',
    '\t/lib64/ld-linux-x86-64.so.2 (0x00007f7dd6792000)',
  ].join('\n');
  expect(parseLdd(text)).toEqual(['/lib/x86_64-linux-gnu/libdl.so.2', '/lib64/ld-linux-x86-64.so.2']);
});

test('a library this machine lacks is an error, not a hole in the folder', () => {
  expect(() => parseLdd('\tlibvips.so.42 => not found\n')).toThrow('this machine lacks libvips.so.42');
});

test('of Dawn only the binary of this platform is taken', () => {
  const taken = ['index.js', 'dist', 'dist/linux-x64', 'dist/linux-x64/dawn.node'];
  const left = ['dist/darwin-universal', 'dist/win32-x64/dawn.node', 'dist/linux-arm64/dawn.node'];
  expect(taken.filter(ofDawn)).toEqual(taken);
  expect(left.filter(ofDawn)).toEqual([]);
});

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'every native package is found where it is installed',
  () => {
    const packages = nativePackages(root);
    expect(packages.map(({ name }) => name)).toContain('@img/sharp-libvips-linux-x64');
    for (const { from } of packages) expect(existsSync(join(from, 'package.json')), from).toBe(true);
  },
);
