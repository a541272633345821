import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';

/** Paths of shared libraries in the output of ldd: `name => /path (address)`, and the loader, `/path (address)`. */
export function parseLdd(text) {
  const missing = [...text.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name);
  if (missing.length > 0) throw new Error(`this machine lacks ${missing.join(', ')}`);
  return [...text.matchAll(/(?:=> |^\s*)(\/\S+) \(0x[0-9a-f]+\)$/gm)].map(([, path]) => path);
}

/** Every shared library that `binaries` need, by file name; those of `beside` are there already. */
export function librariesOf(binaries, beside = []) {
  const found = new Map();
  for (const binary of binaries)
    for (const path of parseLdd(execFileSync('ldd', [binary], { encoding: 'utf8' })))
      if (!beside.includes(basename(path))) found.set(basename(path), path);
  return found;
}
