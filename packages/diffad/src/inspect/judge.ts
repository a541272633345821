import { preprocessOf } from '../config/preprocess-of.ts';
import { scoreKernelsOf } from '../config/score-kernels-of.ts';
import { reverseChannels, toRgb } from '../image/channels.ts';
import type { Image, Mask } from '../image/image.ts';
import { crop, type Frame } from '../image/letterbox.ts';
import { imageScore } from '../image/mean-filter.ts';
import { preprocess } from '../image/preprocess.ts';
import { probabilityOf } from '../image/probability.ts';
import { withinRegion } from '../image/region.ts';
import type { Model } from '../model.ts';
import { type Detection, type DetectOptions, detect } from './detect.ts';
import { levelled } from './level.ts';
import { detectWindows } from './windows.ts';

export interface JudgeOptions extends DetectOptions {
  /** Judge at the picture's own scale through windows; default as the model was trained. */
  readonly tile?: boolean;
  /** What is judged of a picture, the rest is black; default the model's own. */
  readonly region?: Mask | null;
}

/** A picture as the networks judged it, at the resolution they judged it, without the bars of its letterbox. */
export interface Judged extends Detection {
  /** Largest mean probability of a window, the mean over the windows of `scoring.windows`. Spec 3.4. */
  readonly score: number;
  /** What the networks saw, RGB. */
  readonly picture: Image;
}

const DEFAULT_OVERLAP = 0.25;

/** Whether the model judges windows at native scale. */
export const usesWindows = (model: Model, { tile }: JudgeOptions): boolean => tile ?? model.config.patch !== null;

/** Judges one picture of any size, RGB or grey in [0, 1]. */
export async function judge(model: Model, picture: Image, options: JudgeOptions = {}): Promise<Judged> {
  if (!usesWindows(model, options)) return (await judgeSqueezed(model, [picture], options))[0] as Judged;
  const { region = model.region } = options;
  const input = inModelOrder(toRgb(withinRegion(picture, region)), model);
  const found = await detectWindows(model, input, model.config.patch?.overlap ?? DEFAULT_OVERLAP, options);
  return summed(found, input, { x: 0, y: 0, width: input.width, height: input.height }, model, region);
}

/** Judges pictures: one at a time where the model judges windows, otherwise several. */
export async function judgeAll(
  model: Model,
  pictures: readonly Image[],
  options: JudgeOptions = {},
): Promise<Judged[]> {
  if (!usesWindows(model, options)) return judgeSqueezed(model, pictures, options);
  const judged: Judged[] = [];
  for (const picture of pictures) judged.push(await judge(model, picture, options));
  return judged;
}

/** Channels as the model wants them; doing it twice undoes it. */
const inModelOrder = (image: Image, { config }: Model): Image =>
  config.channelOrder === 'bgr' ? reverseChannels(image) : image;

/** Judges pictures squeezed to the networks' size, several at a time. */
async function judgeSqueezed(model: Model, pictures: readonly Image[], options: JudgeOptions): Promise<Judged[]> {
  const { region = model.region } = options;
  const inputs = pictures.map((picture) => preprocess(picture, preprocessOf(model.config, region)));
  const found = await detect(
    model,
    inputs.map(({ image }) => image),
    options,
  );
  return inputs.map(({ image, frame }, i) => summed(found[i] as Detection, image, frame, model, region));
}

function summed(found: Detection, input: Image, frame: Frame, model: Model, region: Mask | null): Judged {
  const logit = levelled(found.logit, frame, model, region);
  const rgb = (image: Image): Image => withoutBars(inModelOrder(image, model), frame);
  return {
    logit: withoutBars(logit, frame),
    reconstruction: rgb(found.reconstruction),
    interpolation: found.interpolation && rgb(found.interpolation),
    score: imageScore(probabilityOf(logit), scoreKernelsOf(model.config)), // bars and all, as thresholds were chosen
    picture: rgb(input),
  };
}

/** The picture itself where it has none: windows are judged at the picture's own size, and a copy is as large. */
const withoutBars = (image: Image, frame: Frame): Image =>
  frame.width === image.width && frame.height === image.height ? image : crop(image, frame);
