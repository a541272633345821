import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

test.skipIf(process.platform === 'win32')(
  'the launcher finds its folder through links, and its command under any name',
  () => {
    const parent = mkdtempSync(join(tmpdir(), 'launcher '));
    const at = (...parts) => join(parent, ...parts);
    try {
      for (const path of ['folder/bin', 'local/bin']) mkdirSync(at(path), { recursive: true });
      writeFileSync(at('folder/bin/node'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
      copyFileSync(join(root, 'scripts/portable/launcher.sh'), at('folder/diffad'));
      symlinkSync(at('folder/diffad'), at('absolute'));
      symlinkSync('../../folder/diffad', at('local/bin/relative'));
      symlinkSync('relative', at('local/bin/twice'));
      for (const path of ['folder/diffad', 'absolute', 'local/bin/relative', 'local/bin/twice'])
        for (const [name, cwd] of [
          [at(path), '/'],
          [path, parent],
          [path.split('/').at(-1), dirname(at(path))],
        ]) {
          const said = execFileSync('sh', [name, 'doctor', '--json'], { cwd, encoding: 'utf8' });
          expect(said.trim(), `${name} in ${cwd}`).toMatch(/(^|\/)app\/start\.js diffad doctor --json$/);
        }
    } finally {
      rmSync(parent, { recursive: true });
    }
  },
);
