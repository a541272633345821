import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { DatasetError } from '../dataset.ts';

/** Whether a file's name is that of a picture we read. */
export const isPicture = (name: string): boolean => /\.(png|jpe?g|bmp|tiff?|webp)$/i.test(name);

/** What a run folder holds before its first preview. */
const RUN_FILES = ['config.json', 'environment.json', 'split.json'] as const;

/**
 * Every picture file below a folder, relative, with slashes, in order of their code units; hidden files and folders are left out, and
 * folders of runs. Links to folders are followed, each folder once, and none to a folder that the link lies in.
 */
export async function listPictures(root: string): Promise<string[]> {
  const paths = await filesBelow(root).catch((cause: NodeJS.ErrnoException) => {
    throw new DatasetError(`${root}: ${problems[cause.code ?? ''] ?? cause.message}`, { cause });
  });
  const files = paths.map((path) => slashed(root, path));
  const runs = runFolders(files);
  return files
    .filter(isPicture)
    .filter((path) => !runs.some((run) => path.startsWith(run)))
    .sort();
}

/** A path relative to `root`, with slashes on every system. */
export const slashed = (root: string, path: string): string => relative(root, path).split(sep).join('/');

/** Files below a folder and, level by level, below the folders that links lead to. */
async function filesBelow(root: string): Promise<string[]> {
  const files: string[] = [];
  const folders = [root];
  const followed = new Set<string>();
  for (const folder of folders) {
    const { own, links } = await entriesOf(folder);
    files.push(...own);
    for (const link of links.sort()) {
      const [target, holder] = await Promise.all([realpath(link), realpath(dirname(link))]);
      if (followed.has(target) || ended(holder).startsWith(ended(target))) continue;
      followed.add(target);
      folders.push(link);
    }
  }
  return files;
}

/** Files below a folder, and links to folders. */
async function entriesOf(folder: string): Promise<{ own: string[]; links: string[] }> {
  const [own, links]: [string[], string[]] = [[], []];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() || /(^|\/)(\.|__MACOSX\/)/.test(slashed(folder, path))) continue;
    if (entry.isSymbolicLink() && (await isFolder(path))) links.push(path);
    else own.push(path);
  }
  return { own, links };
}

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() ?? false;

const ended = (folder: string): string => (folder.endsWith(sep) ? folder : folder + sep);

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
