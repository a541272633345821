import { readdir } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { DatasetError } from '../dataset.ts';

/** Whether a file's name is that of a picture we read. */
export const isPicture = (name: string): boolean => /\.(png|jpe?g|bmp|tiff?|webp)$/i.test(name);

/** Every picture file below a folder, relative, with slashes, in order of their code units; hidden files and folders are left out. */
export async function listPictures(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      throw new DatasetError(`${root}: ${problems[cause.code ?? ''] ?? cause.message}`, { cause });
    },
  );
  return entries
    .filter((entry) => !entry.isDirectory() && isPicture(entry.name))
    .map((entry) => relative(root, `${entry.parentPath}${sep}${entry.name}`).split(sep).join('/'))
    .filter((path) => !/(^|\/)(\.|__MACOSX\/)/.test(path))
    .sort();
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'is not a folder',
  EACCES: 'permission denied',
};
