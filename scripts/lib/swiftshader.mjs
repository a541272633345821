import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

const ICD = 'vk_swiftshader_icd.json';

/** Plain files of an uncompressed tar archive: name to bytes. */
export function readTar(tar) {
  const files = new Map();
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const field = (from, length) => tar.toString('latin1', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = Number.parseInt(field(124, 12).trim() || '0', 8);
    const isFile = ['0', ''].includes(field(156, 1));
    if (isFile) files.set(field(0, 100).split('/').pop(), tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

/** The environment that makes Vulkan programs use the packaged SwiftShader, unpacked on first use; { error } where there is none. */
export function packagedSwiftShader(root) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { error: `none for ${process.platform} ${process.arch}` };
  const folder = join(root, 'node_modules/.cache/diffad/swiftshader');
  try {
    if (!existsSync(join(folder, ICD))) unpack(root, folder);
  } catch (error) {
    return { error: `could not be unpacked (${error.message.split('\n')[0]})` };
  }
  const path = [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return { environment: { VK_DRIVER_FILES: join(folder, ICD), LD_LIBRARY_PATH: path } };
}

const unpack = (root, folder) => place(folder, readTar(packagedBytes(root, 'bin/swiftshader.tar.br')));

/** The bytes of a compressed file that came with @sparticuz/chromium. */
export function packagedBytes(root, name) {
  const entry = createRequire(join(root, 'package.json')).resolve('@sparticuz/chromium');
  let home = dirname(entry);
  while (!existsSync(join(home, name)) && dirname(home) !== home) home = dirname(home);
  return brotliDecompressSync(readFileSync(join(home, name)));
}

/** Makes `folder` hold exactly these files, all at once. */
export function place(folder, files) {
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(fresh, name), bytes, { mode: 0o755 });
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}
