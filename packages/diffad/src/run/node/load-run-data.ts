import { Rng } from '@diffad/tensor-core';
import { preprocessOf } from '../../config/preprocess-of.ts';
import type { DiffADConfig } from '../../config/schema.ts';
import { loadSamples } from '../../data/node/load-samples.ts';
import { openDataset } from '../../data/node/open-dataset.ts';
import { trainingSamples } from '../../data/roles.ts';
import { reverseChannels, toRgb } from '../../image/channels.ts';
import type { Image } from '../../image/image.ts';
import { preprocess } from '../../image/preprocess.ts';
import { resize } from '../../image/resize.ts';
import { loadTextures } from '../../synthesis/node/load-textures.ts';
import { shareImage } from '../../synthesis/node/share-image.ts';
import { Simulator } from '../../synthesis/simulator.ts';
import type { TrainingData } from '../../train/draw.ts';
import type { RunSettings } from '../run-settings.ts';

/** Which normal pictures a run learns from and which it holds out; kept as split.json. */
export interface Split {
  readonly train: readonly string[];
  readonly heldOut: readonly string[];
}

export interface RunData {
  readonly training: TrainingData;
  readonly split: Split;
}

const GAUGE_ITEMS = 32;

/** What the networks see of a normal picture: all of it at their size, or, in patch mode, its own scale. */
function prepare(image: Image, config: DiffADConfig): Image {
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

/** Loads normals and textures, and holds some normals out by the seed. Throws one line for data that cannot be trained on. */
export async function loadRunData({ data, textures, seed, config }: RunSettings): Promise<RunData> {
  const samples = trainingSamples(await openDataset(data), data);
  const images = await loadSamples(data, samples, ({ image }) => shareImage(prepare(image, config)));
  const order = new Rng(seed).fork(3).shuffle(samples.map((_, i) => i));
  const held = Math.min(samples.length - 1, Math.max(2, Math.round(samples.length * config.heldOut)));
  const heldOut = order.slice(0, held);
  const kept = order.slice(held).sort((a, b) => a - b);
  const pick = (indices: readonly number[]): Image[] => indices.map((i) => images[i] as Image);
  const options = { ...config.simulation, size: config.size };
  const pasted = textures === null ? [] : await loadTextures(textures, config.size);
  const simulator = new Simulator(pick(kept), pasted, { ...options, seed });
  const gauge = new Simulator(pick(heldOut), pasted, { ...options, seed: seed + 1, pool: GAUGE_ITEMS });
  const shown = config.patch === null ? pick(heldOut) : heldOut.map((_, i) => gauge.item(i).normal);
  const names = (indices: readonly number[]): string[] => indices.map((i) => samples[i]?.path as string);
  return {
    training: { simulator, gauge, pool: config.simulation.pool, heldOut: shown },
    split: { train: names(kept), heldOut: names(heldOut) },
  };
}
