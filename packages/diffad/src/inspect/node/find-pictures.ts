import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { DatasetError } from '../../data/dataset.ts';
import { isPicture, listPictures, slashed } from '../../data/node/list-pictures.ts';
import { isOutput } from './write-inspection.ts';

export interface FoundPicture {
  /** What the results call it. */
  readonly path: string;
  readonly file: string;
}

/**
 * Every picture in files, folders and patterns once, named below the folder that holds all of them, so that equal names in two folders
 * stay apart. What an inspection wrote below `out` is left out. Throws one line that names a path without pictures.
 */
export async function findPictures(paths: readonly string[], out?: string): Promise<FoundPicture[]> {
  const wanted = (file: string): boolean => out === undefined || !isOutput(file, out);
  const found = (await Promise.all(paths.map((path) => filesIn(path, wanted)))).filter(({ files }) => files.length > 0);
  if (found.length === 0)
    throw new DatasetError(
      `${paths.join(', ')}: only pictures that an inspection wrote below ${out}; name others, or another --out`,
    );
  const above = commonFolder(found.map(({ folder }) => resolve(folder)));
  const files = found.flatMap(({ folder, files: names }) => names.map((name) => join(folder, name)));
  const once = new Map(files.map((file) => [resolve(file), file]));
  return [...once].map(([full, file]) => ({ path: slashed(above, full), file }));
}

interface Files {
  readonly folder: string;
  readonly files: readonly string[];
}

type Wanted = (file: string) => boolean;

async function filesIn(path: string, wanted: Wanted): Promise<Files> {
  const info = await stat(path).catch(() => null);
  if (!info && isDynamicPattern(path)) return matching(path, wanted);
  if (!info) throw new DatasetError(`${path}: does not exist`);
  if (!info.isDirectory()) return { folder: dirname(path), files: [path].filter(wanted).map((file) => basename(file)) };
  const files = await listPictures(path);
  if (files.length === 0) throw new DatasetError(`${path}: holds no pictures (PNG, JPEG, BMP, TIFF, WebP)`);
  return { folder: path, files: files.filter((file) => wanted(join(path, file))) };
}

/** A pattern that no shell has expanded: Windows' never does, and no other one between quotes. */
async function matching(pattern: string, wanted: Wanted): Promise<Files> {
  const all = (await glob(pattern)).filter(isPicture);
  if (all.length === 0) throw new DatasetError(`${pattern}: matches no pictures (PNG, JPEG, BMP, TIFF, WebP)`);
  const files = all
    .filter(wanted)
    .map((file) => resolve(file))
    .sort();
  const folder = commonFolder(files.map((file) => dirname(file)));
  return { folder, files: files.map((file) => relative(folder, file)) };
}

function commonFolder(folders: readonly string[]): string {
  const [first = [], ...others] = folders.map((folder) => folder.split(sep));
  const differs = first.findIndex((part, i) => others.some((parts) => parts[i] !== part));
  return (differs === -1 ? first : first.slice(0, differs)).join(sep) || sep;
}
