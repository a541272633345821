import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs';

/** `path` as a folder that nobody else can enter, made where missing; a fresh one beside it where `path` is anything else. POSIX only. */
export function privateFolder(path) {
  mkdirIfMissing(path);
  const found = lstatSync(path);
  const isPrivate = found.isDirectory() && found.uid === process.getuid() && (found.mode & 0o077) === 0;
  return isPrivate ? path : mkdtempSync(`${path}-`);
}

function mkdirIfMissing(path) {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}
