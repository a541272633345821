import { preprocessOf } from '../config/preprocess-of.ts';
import { GOOD } from '../data/dataset.ts';
import { createMask, type Image, type Mask } from '../image/image.ts';
import type { MaskMode } from '../image/mask.ts';
import { preprocessMask } from '../image/preprocess.ts';
import { auPro, concatenated } from '../metrics/au-pro.ts';
import { auroc } from '../metrics/auroc.ts';
import { averagePrecision } from '../metrics/average-precision.ts';
import { baselines } from '../metrics/baselines.ts';
import { bestF1 } from '../metrics/best-f1.ts';
import { psnrByMask } from '../metrics/psnr.ts';
import type { Model } from '../model.ts';
import { type Judged, type JudgeOptions, judge, judgeAll, usesWindows } from './judge.ts';

/** A picture with what is known of it; `mask` at the picture's own size, null where the data set has none. */
export interface Labelled {
  readonly path: string;
  readonly kind: string;
  readonly image: Image;
  readonly mask: Mask | null;
}

/** One judged test picture, its mask at the resolution of the maps. */
export interface Tested extends Omit<Labelled, 'image' | 'mask'> {
  readonly judged: Judged;
  readonly mask: Mask;
}

export interface DefectRow {
  readonly kind: string;
  readonly pictures: number;
  /** Against all normal test pictures. */
  readonly imageAuroc: number;
  /** Over the pictures of this kind; null without masks. */
  readonly pixelAp: number | null;
}

export interface Evaluation {
  readonly imageAuroc: number;
  /** Null where no test picture has a mask. */
  readonly pixelAuroc: number | null;
  readonly pixelAp: number | null;
  readonly auPro: number | null;
  /** With the threshold that knows the labels: an upper bound. */
  readonly bestF1: { readonly f1: number; readonly threshold: number };
  /** The model's own threshold, from held-out normals only. */
  readonly threshold: number | null;
  readonly maskMode: MaskMode;
  readonly perDefect: readonly DefectRow[];
  /** PSNR of the reconstruction against the picture in dB, inside and outside the defects. */
  readonly psnr: { readonly inside: number; readonly outside: number };
  readonly baselines: {
    readonly imageAuroc: Readonly<Record<string, number>>;
    readonly pixelAp: Readonly<Record<string, number>>;
  };
  readonly secondsPerImage: number;
}

export interface EvaluateOptions extends JudgeOptions {
  /** Default `gt0.5`. */
  readonly maskMode?: MaskMode;
  readonly onProgress?: (done: number, total: number) => void;
}

const BATCH = 8;

/** Judges every test picture and compares with the labels. Needs normal and defective pictures. */
export async function evaluate(
  model: Model,
  pictures: readonly Labelled[],
  normals: readonly Image[],
  options: EvaluateOptions = {},
): Promise<{ evaluation: Evaluation; tested: Tested[] }> {
  const maskMode = options.maskMode ?? 'gt0.5';
  const started = performance.now();
  const tested = await testAll(model, pictures, maskMode, options);
  const secondsPerImage = (performance.now() - started) / 1000 / pictures.length;
  return {
    evaluation: {
      ...summarise(tested, maskMode, normals),
      threshold: model.calibration?.threshold ?? null,
      secondsPerImage,
    },
    tested,
  };
}

async function testAll(
  model: Model,
  pictures: readonly Labelled[],
  mode: MaskMode,
  options: EvaluateOptions,
): Promise<Tested[]> {
  const windows = usesWindows(model, options);
  const step = windows ? 1 : BATCH;
  const tested: Tested[] = [];
  for (let at = 0; at < pictures.length; at += step) {
    const group = pictures.slice(at, at + step);
    const images = group.map(({ image }) => image);
    const judged = windows ? [await judge(model, images[0] as Image, options)] : await judgeAll(model, images, options);
    for (const [i, { path, kind, mask }] of group.entries()) {
      const result = judged[i] as Judged;
      tested.push({ path, kind, judged: result, mask: maskFor(mask, result, model, windows, mode) });
    }
    options.onProgress?.(tested.length, pictures.length);
  }
  return tested;
}

function maskFor(mask: Mask | null, { logit }: Judged, { config }: Model, windows: boolean, mode: MaskMode): Mask {
  if (!mask) return createMask(logit.width, logit.height);
  return windows ? mask : preprocessMask(mask, preprocessOf(config), mode);
}

type Summary = Omit<Evaluation, 'threshold' | 'secondsPerImage'>;

function summarise(tested: readonly Tested[], maskMode: MaskMode, normals: readonly Image[]): Summary {
  const labels = tested.map(({ kind }) => (kind === GOOD ? 0 : 1));
  const scores = tested.map(({ judged }) => judged.score);
  const maps = tested.map(({ judged }) => judged.logit);
  const masks = tested.map(({ mask }) => mask);
  const truth = concatenatedMasks(masks);
  const marked = truth.includes(1);
  const pixels = marked ? concatenated(maps) : new Float32Array();
  const pictures = tested.map(({ judged }) => judged.picture);
  return {
    imageAuroc: auroc(scores, labels),
    pixelAuroc: marked ? auroc(pixels, truth) : null,
    pixelAp: marked ? averagePrecision(pixels, truth) : null,
    auPro: marked ? auPro(maps, masks) : null,
    bestF1: bestF1(scores, labels),
    maskMode,
    perDefect: perDefect(tested),
    psnr: psnrByMask(
      tested.map(({ judged }) => judged.reconstruction),
      pictures,
      masks,
    ),
    baselines: trivial(pictures, normals, labels, marked ? truth : null),
  };
}

function concatenatedMasks(masks: readonly Mask[]): Uint8Array {
  const all = new Uint8Array(masks.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of masks) {
    all.set(data, at);
    at += data.length;
  }
  return all;
}

function perDefect(tested: readonly Tested[]): DefectRow[] {
  const good = tested.filter(({ kind }) => kind === GOOD);
  const kinds = [...new Set(tested.map(({ kind }) => kind))].filter((kind) => kind !== GOOD).sort();
  return kinds.map((kind) => {
    const own = tested.filter((one) => one.kind === kind);
    const scores = [...good, ...own].map(({ judged }) => judged.score);
    const truth = concatenatedMasks(own.map(({ mask }) => mask));
    return {
      kind,
      pictures: own.length,
      imageAuroc: auroc(scores, [...good.map(() => 0), ...own.map(() => 1)]),
      pixelAp:
        truth.includes(1) && truth.includes(0)
          ? averagePrecision(concatenated(own.map(({ judged }) => judged.logit)), truth)
          : null,
    };
  });
}

function trivial(
  pictures: readonly Image[],
  normals: readonly Image[],
  labels: readonly number[],
  truth: Uint8Array | null,
): Evaluation['baselines'] {
  const sameSize = pictures.every(({ data }) => data.length === normals[0]?.data.length);
  if (!sameSize) return { imageAuroc: {}, pixelAp: {} };
  const { image, pixel } = baselines(pictures, normals);
  const over = <T>(record: Readonly<Record<string, T>>, metric: (value: T) => number): Record<string, number> =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, metric(value)]));
  return {
    imageAuroc: over(image, (scores) => auroc(scores, labels)),
    pixelAp: truth ? over(pixel, (maps) => averagePrecision(concatenated(maps), truth)) : {},
  };
}
