import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type SurfaceName, surfaces, testSamples, trainingSamples } from '@diffad/diffad';
import { openDataset, writeSurfaces } from '@diffad/diffad/node';
import { fingerprintSamples } from './fingerprint.ts';

/** One class of pictures: a data set on disk, and what its pictures are. */
export interface ClassData {
  readonly name: string;
  readonly folder: string;
  /** Fingerprint of the normal pictures to learn from. */
  readonly train: string;
  /** Fingerprint of all pictures and masks an evaluation reads. */
  readonly test: string;
  /** `315 normal, 160 test pictures`. */
  readonly size: string;
}

const counts = { size: 128, train: 60, good: 20, perDefect: 10, seed: 1 };

/**
 * Opens a data set by its folder, or makes one: `generated:woven`, or with counts, `generated:woven,train=40,good=8,perDefect=4,size=64`.
 * Made ones lie under `made`. Throws RangeError for a surface or count that does not exist, DatasetError for a folder that is none.
 */
export async function openClass(source: string, made: string): Promise<ClassData> {
  const generated = source.startsWith('generated:');
  const description = source.slice('generated:'.length);
  const folder = generated ? await generate(description, made) : resolve(source);
  const dataset = await openDataset(folder);
  const [train, test] = [trainingSamples(dataset, source), testSamples(dataset, source)];
  return {
    name: generated ? `generated ${description.split(',')[0]}` : basename(folder),
    folder,
    train: await fingerprintSamples(folder, train),
    test: await fingerprintSamples(folder, [...train, ...test]),
    size: `${train.length} normal, ${test.length} test pictures`,
  };
}

async function generate(description: string, made: string): Promise<string> {
  const [name = '', ...changes] = description.split(',');
  if (!(name in surfaces))
    throw new RangeError(`generated:${name}: no such surface; choose ${Object.keys(surfaces).join(', ')}`);
  const options = { ...counts, ...Object.fromEntries(changes.map((change) => countOf(change, description))) };
  const folder = join(made, [name, ...Object.entries(options).map(([key, count]) => `${key}${count}`)].join('-'));
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await writeSurfaces(partial, { ...options, surfaces: [name as SurfaceName] });
  await rename(partial, folder);
  return folder;
}

function countOf(change: string, description: string): [string, number] {
  const [key = '', text = ''] = change.split('=');
  const count = Number(text);
  if (!(key in counts) || !Number.isInteger(count) || count < 1)
    throw new RangeError(
      `generated:${description}: ${change} is not one of ${Object.keys(counts).join(', ')} with a whole number >= 1`,
    );
  return [key, count];
}
