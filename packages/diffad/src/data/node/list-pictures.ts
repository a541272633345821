import { readdir } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { DatasetError } from '../dataset.ts';

/** Whether a file's name is that of a picture we read. */
export const isPicture = (name: string): boolean => /\.(png|jpe?g|bmp|tiff?|webp)$/i.test(name);

/** What a run folder holds before its first preview. */
const RUN_FILES = ['config.json', 'environment.json', 'split.json'] as const;

/** Every picture file below a folder, relative, with slashes, in order of their code units; hidden files and folders are left out, and folders of runs. */
export async function listPictures(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      throw new DatasetError(`${root}: ${problems[cause.code ?? ''] ?? cause.message}`, { cause });
    },
  );
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, `${entry.parentPath}${sep}${entry.name}`).split(sep).join('/'));
  const runs = runFolders(files);
  return files
    .filter((path) => isPicture(path) && !/(^|\/)(\.|__MACOSX\/)/.test(path))
    .filter((path) => !runs.some((run) => path.startsWith(run)))
    .sort();
}

/** Folders among `files` that hold a run, each with a slash at its end. */
function runFolders(files: readonly string[]): string[] {
  const present = new Set(files);
  const folders = files
    .filter((path) => path.endsWith('/split.json'))
    .map((path) => path.slice(0, -'split.json'.length));
  return folders.filter((folder) => RUN_FILES.every((name) => present.has(folder + name)));
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'is not a folder',
  EACCES: 'permission denied',
};
