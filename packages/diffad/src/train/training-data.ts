import { preprocessOf } from '../config/preprocess-of.ts';
import type { DiffADConfig } from '../config/schema.ts';
import { reverseChannels } from '../image/channels.ts';
import type { Image, Mask } from '../image/image.ts';
import { letterbox } from '../image/letterbox.ts';
import { imageOf, maskOf } from '../image/mask.ts';
import { preprocess } from '../image/preprocess.ts';
import { withinRegion } from '../image/region.ts';
import { resize } from '../image/resize.ts';
import { restore, type StoredImage, store } from '../image/stored-image.ts';
import { Simulator } from '../synthesis/simulator.ts';
import type { TrainingData } from './draw.ts';

const GAUGE_ITEMS = 32;

/** What the networks see of a normal picture: all that lies in the region, at their size, or, in patch mode, at its own scale. */
export function prepareNormal(picture: Image, config: DiffADConfig, region: Mask | null = null): StoredImage {
  if (config.patch === null) return preprocess(picture, preprocessOf(config, region)).image;
  const seen = withinRegion(picture, region);
  const image = config.channelOrder === 'bgr' ? reverseChannels(seen) : seen;
  const short = Math.min(image.width, image.height);
  if (short >= config.size) return store(image);
  const scale = config.size / short;
  return resize(
    image,
    Math.max(config.size, Math.round(image.width * scale)),
    Math.max(config.size, Math.round(image.height * scale)),
  );
}

/** Prepared normals to learn from and held out, and textures of the networks' size to paste; without, made-up ones. */
export interface TrainingPictures {
  readonly learned: readonly StoredImage[];
  readonly heldOut: readonly StoredImage[];
  readonly textures: readonly Image[];
  /** Where the normals are not black; all of them without. */
  readonly region?: Mask | null;
}

/** What all stages train on. Throws RangeError for a region of less than a pixel. */
export function trainingData(
  { learned, heldOut, textures, region = null }: TrainingPictures,
  config: DiffADConfig,
  seed: number,
): TrainingData {
  const seen = region && config.patch === null ? seenRegion(region, config) : null; // windows lie anywhere
  const options = { ...config.simulation, size: config.size, ...(seen && { region: seen }) };
  const simulator = new Simulator(learned, textures, { ...options, seed });
  const gauge = new Simulator(heldOut, textures, { ...options, seed: seed + 1, pool: GAUGE_ITEMS });
  const shown = heldOut.map((image, i) => (config.patch === null ? restore(image) : gauge.item(i).normal));
  return { simulator, gauge, pool: config.simulation.pool, heldOut: shown };
}

/** A region at the networks' size, as they see pictures. */
function seenRegion(region: Mask, { size }: DiffADConfig): Mask {
  const seen = maskOf(letterbox(imageOf(region), size, size, 'area').image, 0.5);
  if (!seen.data.includes(1))
    throw new RangeError(
      `the region of interest does not fill one of the ${size}x${size} pixels that the networks see; crop the pictures to it`,
    );
  return seen;
}
