import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder of package `name` as `from` sees it. */
export function packageFolder(name, from) {
  let folder = dirname(from);
  while (!existsSync(join(folder, 'node_modules', name, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error(`${name} is not installed for ${from}`);
    folder = dirname(folder);
  }
  return join(folder, 'node_modules', name);
}

/** Packages that keep their folders, with what a bundle leaves out: where each lies and which of its files are needed. */
export function nativePackages(root) {
  const core = join(root, 'packages/tensor-core/package.json');
  const diffad = join(root, 'packages/diffad/package.json');
  const sharp = packageFolder('sharp', createRequire(diffad).resolve('sharp'));
  const inside = join(sharp, 'package.json');
  const whole = (name) => ({ name, from: packageFolder(name, inside), keep: () => true });
  const platform = '@img/sharp-linux-x64';
  return [
    { name: 'webgpu', from: packageFolder('webgpu', core), keep: ofDawn },
    { name: 'sharp', from: sharp, keep: (path) => !/^(src|install)(\/|$)/.test(path) },
    ...['@img/colour', 'detect-libc', 'semver', platform, '@img/sharp-libvips-linux-x64'].map(whole),
  ];
}

/** Of Dawn, the binary of this platform alone. */
export const ofDawn = (path) => !/^dist\/(?!linux-x64(\/|$))/.test(path);
