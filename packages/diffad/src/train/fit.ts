import type { DiffADConfig } from '../config/schema.ts';
import type { Image, Mask } from '../image/image.ts';
import { asRegion } from '../image/region.ts';
import type { StoredImage } from '../image/stored-image.ts';
import type { Model } from '../model.ts';
import { drawSplit } from '../run/split.ts';
import { fitBudget } from './budget.ts';
import { finishModel } from './finish-model.ts';
import { measureStages } from './measure.ts';
import { type TrainOptions, train } from './train.ts';
import { prepareNormal, trainingData } from './training-data.ts';

export interface FitOptions extends Pick<TrainOptions, 'signal' | 'onProgress' | 'onPreview'> {
  readonly config: DiffADConfig;
  /** Default 0. */
  readonly seed?: number;
  /** Seconds that training may take: the steps of all stages are scaled down to what this device does in that time. */
  readonly budget?: number;
  /** What is judged of a picture, 1 in [H, W] of its aspect ratio; default all of it. */
  readonly region?: Mask;
}

const LEAST = 3;

/** A picture of any size, RGB or grey in [0, 1], or what reads one: then no more than a few need fit into memory. */
export type PictureSource = Image | (() => Promise<Image>);

/**
 * Learns what is normal from pictures, in Node and in the browser: a model that is ready to judge, the same to the bit as
 * `diffad train` makes from a folder of them without textures. A share of them, `heldOut`, chooses its threshold.
 * Throws RangeError for fewer than three, Interrupted after `signal`.
 */
export async function fit(
  pictures: readonly PictureSource[],
  { seed = 0, budget, region: given, ...options }: FitOptions,
): Promise<Model> {
  if (pictures.length < LEAST)
    throw new RangeError(`fit: needs ${LEAST} normal pictures at least, got ${pictures.length}`);
  const region = given ? asRegion(given) : null;
  const split = drawSplit(Object.keys(pictures), options.config.heldOut, seed);
  const [learned, heldOut] = [reading(pictures, split.train), reading(pictures, split.heldOut)];
  const prepared = async (images: AsyncIterable<Image>): Promise<StoredImage[]> => {
    const all: StoredImage[] = [];
    for await (const image of images) all.push(prepareNormal(image, options.config, region));
    return all;
  };
  const parts = { learned: await prepared(learned), heldOut: await prepared(heldOut), textures: [], region };
  const data = trainingData(parts, options.config, seed);
  const config =
    budget === undefined
      ? options.config
      : fitBudget(options.config, await measureStages(options.config, data), budget);
  const model = await train({ ...options, config, seed, data });
  model.region = region;
  await finishModel(model, heldOut, data.gauge);
  return model;
}

/** Pictures by their places, read anew whenever they are gone through. */
const reading = (pictures: readonly PictureSource[], places: readonly string[]): AsyncIterable<Image> => ({
  async *[Symbol.asyncIterator]() {
    for (const place of places) {
      const picture = pictures[Number(place)] as PictureSource;
      yield typeof picture === 'function' ? await picture() : picture;
    }
  },
});
