import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packagedBytes, readTar } from '../lib/swiftshader.mjs';
import { bundle } from './bundle.mjs';
import { nativePackages } from './contents.mjs';
import { librariesOf } from './libraries.mjs';

export const commands = ['diffad', 'diffad-bench'];
const VULKAN = ['libvk_swiftshader.so', 'libvulkan.so.1', 'vk_swiftshader_icd.json'];
const MODEL = 'packages/diffad/models';

/** Makes `folder` hold everything both commands need: Node, the bundles, native packages, shared libraries, a software driver. */
export async function makePortable(root, folder, commit) {
  const at = (...parts) => join(folder, ...parts);
  rmSync(folder, { recursive: true, force: true });
  for (const path of ['bin', 'lib/vulkan', 'app']) mkdirSync(at(path), { recursive: true });
  await bundle(root, at('app'), commit);
  writeFileSync(at('app/package.json'), '{ "type": "module" }\n');
  copyFileSync(process.execPath, at('bin/node'));
  copyPackages(root, at('app/node_modules'));
  copyDrivers(root, at('lib/vulkan'));
  copyLibraries(at);
  if (existsSync(join(root, MODEL))) cpSync(join(root, MODEL), at('models'), { recursive: true });
  for (const name of commands) {
    copyFileSync(join(root, 'scripts/portable/launcher.sh'), at(name));
    chmodSync(at(name), 0o755);
  }
  copyFileSync(join(root, 'scripts/portable/README.txt'), at('README.txt'));
  copyFileSync(join(root, 'LICENSE'), at('LICENSE'));
}

function copyPackages(root, target) {
  for (const { name, from, keep } of nativePackages(root))
    cpSync(from, join(target, name), {
      recursive: true,
      dereference: true,
      filter: (path) => keep(relative(from, path)) && !relative(from, path).startsWith('node_modules'),
    });
}

function copyDrivers(root, target) {
  const files = readTar(packagedBytes(root, 'bin/swiftshader.tar.br'));
  for (const name of VULKAN) writeFileSync(join(target, name), files.get(name), { mode: 0o755 });
}

/** What Node and the native parts are linked with, the C library included; libvips lies where sharp looks for it. */
function copyLibraries(at) {
  const sharp = at('app/node_modules/@img/sharp-linux-x64/lib');
  const vips = at('app/node_modules/@img/sharp-libvips-linux-x64/lib');
  const [codecs] = readdirSync(vips).filter((name) => name.startsWith('libvips'));
  const binaries = [
    at('bin/node'),
    at('app/node_modules/webgpu/dist/linux-x64/dawn.node'),
    join(vips, codecs),
    ...readdirSync(sharp)
      .filter((name) => name.endsWith('.node'))
      .map((name) => join(sharp, name)),
    ...VULKAN.filter((name) => name.includes('.so')).map((name) => at('lib/vulkan', name)),
  ];
  for (const [name, path] of librariesOf(binaries, [codecs])) copyFileSync(path, at('lib', name));
}
