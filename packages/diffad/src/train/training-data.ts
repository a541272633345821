import { preprocessOf } from '../config/preprocess-of.ts';
import type { DiffADConfig } from '../config/schema.ts';
import { reverseChannels, toRgb } from '../image/channels.ts';
import type { Image } from '../image/image.ts';
import { preprocess } from '../image/preprocess.ts';
import { resize } from '../image/resize.ts';
import { Simulator } from '../synthesis/simulator.ts';
import type { TrainingData } from './draw.ts';

const GAUGE_ITEMS = 32;

/** What the networks see of a normal picture: all of it at their size, or, in patch mode, its own scale. */
export function prepareNormal(image: Image, config: DiffADConfig): Image {
  if (config.patch === null) return preprocess(image, preprocessOf(config)).image;
  const rgb = config.channelOrder === 'bgr' ? reverseChannels(toRgb(image)) : toRgb(image);
  const short = Math.min(rgb.width, rgb.height);
  if (short >= config.size) return rgb;
  const scale = config.size / short;
  return resize(
    rgb,
    Math.max(config.size, Math.round(rgb.width * scale)),
    Math.max(config.size, Math.round(rgb.height * scale)),
  );
}

/** Prepared normals to learn from and held out, and textures of the networks' size to paste; without, made-up ones. */
export interface TrainingPictures {
  readonly learned: readonly Image[];
  readonly heldOut: readonly Image[];
  readonly textures: readonly Image[];
}

/** What all stages train on. */
export function trainingData(
  { learned, heldOut, textures }: TrainingPictures,
  config: DiffADConfig,
  seed: number,
): TrainingData {
  const options = { ...config.simulation, size: config.size };
  const simulator = new Simulator(learned, textures, { ...options, seed });
  const gauge = new Simulator(heldOut, textures, { ...options, seed: seed + 1, pool: GAUGE_ITEMS });
  const shown = config.patch === null ? heldOut : heldOut.map((_, i) => gauge.item(i).normal);
  return { simulator, gauge, pool: config.simulation.pool, heldOut: shown };
}
