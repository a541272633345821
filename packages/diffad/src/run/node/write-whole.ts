import { access, constants, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileProblem, ImageFileError } from '../../image/node/image-file-error.ts';

/** Writes a file and the folders above it; it appears whole or not at all. Throws one line that names it. */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(partial, data);
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw fileProblem(path, cause);
  }
}

/** Throws one line where files could not be written below `folder`, which need not exist yet. */
export async function mustBeWritable(folder: string): Promise<void> {
  const info = await stat(folder).catch(() => null);
  if (info === null && dirname(folder) !== folder) return mustBeWritable(dirname(folder));
  if (info?.isDirectory() === false) throw new ImageFileError(folder, 'is a file, not a folder');
  await access(folder, constants.W_OK).catch((cause): never => {
    throw fileProblem(folder, cause);
  });
}
