import { resolve } from 'node:path';
import { describeRoles } from '../../data/describe-report.ts';
import { loadSamples } from '../../data/node/load-samples.ts';
import { openDataset } from '../../data/node/open-dataset.ts';
import { trainingSamples } from '../../data/roles.ts';
import type { Mask } from '../../image/image.ts';
import { readRegion } from '../../image/node/read-region.ts';
import type { StoredImage } from '../../image/stored-image.ts';
import { loadTextures } from '../../synthesis/node/load-textures.ts';
import { shareImage } from '../../synthesis/node/share-image.ts';
import type { TrainingData } from '../../train/draw.ts';
import { prepareNormal, trainingData } from '../../train/training-data.ts';
import { RunError, type RunSettings } from '../run-settings.ts';
import { describeKnown, drawSplit, knownTo, mustMatch, type Split } from '../split.ts';
import { splitOf } from './run-folder.ts';

export interface RunData {
  readonly training: TrainingData;
  readonly split: Split;
  /** See {@link DiffAD.region}. */
  readonly region: Mask | null;
  /** What the folder was taken for and what was decided, as lines for people. */
  readonly roles: readonly string[];
}

/** Reads the region of interest. Throws RunError where it would be learnt from as a normal picture. */
async function regionOf(file: string, data: string, normals: readonly string[]): Promise<Mask> {
  if (normals.some((path) => resolve(data, path) === resolve(file)))
    throw new RunError(`${file}: is the region of interest and one of the normal pictures; move it out of ${data}`);
  return readRegion(file);
}

const shareOf = ({ data }: Mask): number =>
  Math.round((100 * data.reduce((sum, value) => sum + value, 0)) / data.length);

/** Draws what is held out; where the run starts from another, from what that was not trained on. */
async function splitAnew(
  paths: readonly string[],
  { from, autoencoder, seed, config }: RunSettings,
): Promise<{ split: Split; notes: readonly string[] }> {
  const source = from ?? autoencoder;
  if (source === undefined) return { split: drawSplit(paths, config.heldOut, seed), notes: [] };
  const theirs = await splitOf(source);
  const known = theirs && knownTo(theirs);
  const note = describeKnown(paths, config.heldOut, source, known);
  return { split: drawSplit(paths, config.heldOut, seed, known), notes: note === null ? [] : [note] };
}

/**
 * Loads normals and textures, and holds some normals out: those of `begun`, the split a run goes on with, else by the seed.
 * Throws one line for data that cannot be trained on or is no longer that of `begun`.
 */
export async function loadRunData(settings: RunSettings, begun?: Split): Promise<RunData> {
  const { data, textures, seed, config } = settings;
  const dataset = await openDataset(data);
  const samples = trainingSamples(dataset, data);
  const paths = samples.map(({ path }) => path);
  const region = settings.region === undefined ? null : await regionOf(settings.region, data, paths);
  if (begun) mustMatch(begun, paths, data);
  const { split, notes } = begun ? { split: begun, notes: [] } : await splitAnew(paths, settings);
  const images = await loadSamples(
    data,
    samples,
    ({ image }) => shareImage(prepareNormal(image, config, region)),
    region,
  );
  const byPath = new Map(paths.map((path, i) => [path, images[i] as StoredImage]));
  const pick = (names: readonly string[]): StoredImage[] => names.map((name) => byPath.get(name) as StoredImage);
  const [learned, heldOut] = [pick(split.train), pick(split.heldOut)];
  const pasted = textures === null ? [] : await loadTextures(textures, config.size);
  const training = trainingData({ learned, heldOut, textures: pasted, region }, config, seed);
  const roles = [
    ...describeRoles(data, { ...dataset, notes: [...dataset.notes, ...notes] }, heldOut.length),
    ...(textures === null ? [] : [`textures: ${pasted.length} of ${textures}`]),
    ...(region === null ? [] : [`region: ${settings.region}, ${shareOf(region)} % of a picture`]),
  ];
  return { training, split, region, roles };
}
