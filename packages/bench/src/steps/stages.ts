import {
  type DiffAD,
  detect,
  drawOutline,
  type Frame,
  heatOverlay,
  type Image,
  imageScore,
  type Model,
  maskOutline,
  preprocess,
  preprocessOf,
  probabilityOf,
  scoreKernelsOf,
  thresholdMap,
  toBytes,
  toRgb,
  unletterbox,
} from '@diffad/diffad';
import { readImage } from '@diffad/diffad/node';
import { currentDevice, minimum, scope, type Tensor, tensor } from '@diffad/tensor-core';

/** What happens to a picture from its file to what a person sees. */
export const STAGES = ['decode file', 'resize', 'encode', 'denoise', 'decode latents', 'segment', 'draw'] as const;

export type StageTimes = Readonly<Record<(typeof STAGES)[number], number>>;

/** Runs `work` and what it asked of the adapter to the end; milliseconds. */
async function timed<T>(work: () => T | Promise<T>): Promise<{ result: T; milliseconds: number }> {
  const started = performance.now();
  const result = await work();
  await currentDevice().sync();
  return { result, milliseconds: performance.now() - started };
}

const batchOf = ({ width, height, channels, data }: Image): Tensor => tensor(data, [1, height, width, channels]);

/** One picture and all redrawings of it, as inspection has them, stage after stage, each waited for; milliseconds. The last stage reads the map back and scores it; `draw` makes an overlay with outline at the picture's size, encodes no file. */
export async function stageTimes(model: DiffAD, path: string, steps: number): Promise<StageTimes> {
  const file = await timed(() => readImage(path));
  const seen = await timed(() => preprocess(file.result, preprocessOf(model.config)));
  const x = batchOf(seen.result.image);
  const encoded = await timed(() => model.encode(x));
  const c = encoded.result;
  const noises = model.inspectionNoises(1, model.config.sampling.redrawings);
  const denoised = await timed(() => noises.map((noise) => model.sample(c, noise, steps)));
  const revealed = await timed(() => denoised.result.map((redrawn) => model.reveal(c, redrawn)));
  const marked = await timed(async () => {
    const probability = await readProbability(() => revealed.result.map((one) => model.mark(x, one)).reduce(minimum));
    imageScore(probability, scoreKernelsOf(model.config));
    return probability;
  });
  const pictures = revealed.result.flatMap(({ reconstruction, interpolation }) => [reconstruction, interpolation]);
  for (const one of [x, c, ...noises, ...denoised.result, ...pictures]) one?.dispose();
  const drawn = await timed(() => draw(file.result, marked.result, seen.result.frame));
  return {
    'decode file': file.milliseconds,
    resize: seen.milliseconds,
    encode: encoded.milliseconds,
    denoise: denoised.milliseconds,
    'decode latents': revealed.milliseconds,
    segment: marked.milliseconds,
    draw: drawn.milliseconds,
  };
}

async function readProbability(logits: () => Tensor): Promise<Image> {
  using logit = scope(logits);
  const [, height = 0, width = 0] = logit.shape;
  return probabilityOf({ width, height, channels: 1, data: Float32Array.from(await logit.read()) });
}

function draw(picture: Image, probability: Image, frame: Frame): void {
  const map = unletterbox(probability, frame, picture.width, picture.height);
  const overlay = heatOverlay(toBytes(toRgb(picture)), map, { min: 0, max: 1 });
  drawOutline(overlay, maskOutline(thresholdMap(map, 0.5)), [255, 40, 40]);
}

/** The same networks in one go, as inspection runs them: picture in memory to maps in memory; milliseconds. */
export async function detectTime(model: Model, path: string, steps?: number): Promise<number> {
  const { image } = preprocess(await readImage(path), preprocessOf(model.config));
  const { milliseconds } = await timed(() => detect(model, [image], steps === undefined ? {} : { steps }));
  return milliseconds;
}
