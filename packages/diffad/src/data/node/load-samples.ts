import { join } from 'node:path';
import type { Image, Mask } from '../../image/image.ts';
import { readFitting } from '../../image/node/read-fitting.ts';
import { readMask } from '../../image/node/read-image.ts';
import { DatasetError, type Sample } from '../dataset.ts';
import { mapFiles } from './map-files.ts';

/** A sample with its pixels; `mask` is null where the data set has none. */
export interface LoadedSample {
  readonly sample: Sample;
  readonly image: Image;
  readonly mask: Mask | null;
}

/** Reads samples a few at once and keeps what `prepare` makes of each. Throws one line that names the file at the first that is unreadable or whose mask does not fit, nor the region of interest, where there is one. */
export function loadSamples<T>(
  root: string,
  samples: readonly Sample[],
  prepare: (loaded: LoadedSample) => T,
  region: Mask | null = null,
): Promise<T[]> {
  return mapFiles(samples, async (sample) => prepare(await loadSample(root, sample, region)));
}

/** Samples that `readSamples` holds at once. */
const AHEAD = 8;

/** The same, but read anew whenever they are gone through and eight at a time: all of them need not fit into memory. */
export const readSamples = <T>(
  root: string,
  samples: readonly Sample[],
  prepare: (loaded: LoadedSample) => T,
  region: Mask | null = null,
): AsyncIterable<T> => ({
  async *[Symbol.asyncIterator]() {
    for (let i = 0; i < samples.length; i += AHEAD)
      yield* await loadSamples(root, samples.slice(i, i + AHEAD), prepare, region);
  },
});

async function loadSample(root: string, sample: Sample, region: Mask | null): Promise<LoadedSample> {
  const image = await readFitting(join(root, sample.path), region);
  if (sample.mask === null) return { sample, image, mask: null };
  const mask = await readMask(join(root, sample.mask));
  if (mask.width !== image.width || mask.height !== image.height)
    throw new DatasetError(
      `${join(root, sample.mask)}: ${mask.width}x${mask.height} px, but ${sample.path} is ${image.width}x${image.height}`,
    );
  return { sample, image, mask };
}
