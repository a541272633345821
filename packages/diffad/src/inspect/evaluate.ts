import { GOOD } from '../data/dataset.ts';
import { DiffAD } from '../diffad.ts';
import type { Image, Mask } from '../image/image.ts';
import type { MaskMode } from '../image/mask.ts';
import { auPro, concatenated } from '../metrics/au-pro.ts';
import { auroc } from '../metrics/auroc.ts';
import { averagePrecision } from '../metrics/average-precision.ts';
import { baselines, meanPicture } from '../metrics/baselines.ts';
import { bestF1 } from '../metrics/best-f1.ts';
import { psnr, psnrByMask } from '../metrics/psnr.ts';
import type { Model } from '../model.ts';
import { type EvaluateOptions, type Labelled, type Tested, test } from './tested.ts';

export interface DefectRow {
  readonly kind: string;
  readonly pictures: number;
  /** Against all normal test pictures. */
  readonly imageAuroc: number;
  /** Over the pictures of this kind; null without masks. */
  readonly pixelAp: number | null;
}

export interface Control {
  readonly imageAuroc: number;
  readonly pixelAp: number | null;
  /** PSNR of D(c) over the normal test pictures in dB: what the autoencoder lets through. */
  readonly psnrNormal: number;
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
  /** PSNR of the reconstruction against the picture in dB: inside and outside the defects, and over the normal test pictures alone. */
  readonly psnr: { readonly inside: number; readonly outside: number; readonly normal: number };
  readonly baselines: {
    readonly imageAuroc: Readonly<Record<string, number>>;
    readonly pixelAp: Readonly<Record<string, number>>;
  };
  /** The same discriminator shown D(c), the autoencoder's copy, in place of reconstruction and interpolation; null without diffusion. */
  readonly control: Control | null;
  readonly secondsPerImage: number;
}

const BATCH = 8;

/**
 * Judges every test picture and compares with the labels. Needs normal and defective pictures. They are taken a few at a time and not kept,
 * so an iterable that reads them from disk holds few of them.
 */
export async function evaluate(
  model: Model,
  pictures: Iterable<Labelled> | AsyncIterable<Labelled>,
  normals: readonly Image[],
  options: EvaluateOptions = {},
): Promise<{ evaluation: Evaluation; tested: Tested[] }> {
  const { onProgress, maskMode = 'gt0.5', ...judging } = options;
  const [tested, copied]: [Tested[], Tested[]] = [[], []];
  let seconds = 0;
  for await (const group of inGroups(pictures, BATCH)) {
    const started = performance.now();
    tested.push(...(await test(model, group, maskMode, judging)));
    seconds += (performance.now() - started) / 1000;
    if (model instanceof DiffAD)
      copied.push(...(await test(model, group, maskMode, { ...judging, reconstruction: 'copied' })));
    onProgress?.(tested.length);
  }
  return {
    evaluation: {
      ...summarise(tested, maskMode, normals),
      threshold: model.calibration?.threshold ?? null,
      control: model instanceof DiffAD ? controlOf(copied) : null,
      secondsPerImage: seconds / tested.length,
    },
    tested,
  };
}

async function* inGroups<T>(items: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

type Summary = Omit<Evaluation, 'threshold' | 'control' | 'secondsPerImage'>;

function summarise(tested: readonly Tested[], maskMode: MaskMode, normals: readonly Image[]): Summary {
  const labels = labelsOf(tested);
  const scores = tested.map(({ judged }) => judged.score);
  const { labelled, truth } = pixelLabels(tested);
  const maps = labelled.map(({ judged }) => judged.logit);
  const masks = labelled.map(({ mask }) => mask);
  const marked = truth.includes(1);
  const pixels = marked ? concatenated(maps) : new Float32Array();
  return {
    imageAuroc: auroc(scores, labels),
    pixelAuroc: marked ? auroc(pixels, truth) : null,
    pixelAp: marked ? averagePrecision(pixels, truth) : null,
    auPro: marked ? auPro(maps, masks) : null,
    bestF1: bestF1(scores, labels),
    maskMode,
    perDefect: perDefect(tested),
    psnr: {
      ...psnrByMask(
        labelled.map(({ judged }) => judged.reconstruction),
        labelled.map(({ judged }) => judged.picture),
        masks,
      ),
      normal: psnrOfNormals(tested),
    },
    baselines: trivial(tested, normals, marked ? truth : null),
  };
}

const labelsOf = (tested: readonly Tested[]): number[] => tested.map(({ kind }) => (kind === GOOD ? 0 : 1));

/** The pictures whose pixels have labels, and these labels in one row. */
export function pixelLabels(tested: readonly Tested[]): { labelled: Tested[]; truth: Uint8Array } {
  const labelled = tested.filter((one) => one.labelled);
  return { labelled, truth: concatenatedMasks(labelled.map(({ mask }) => mask)) };
}

const logitsOf = (tested: readonly Tested[]): Float32Array => concatenated(tested.map(({ judged }) => judged.logit));

function controlOf(tested: readonly Tested[]): Control {
  const scores = tested.map(({ judged }) => judged.score);
  const { labelled, truth } = pixelLabels(tested);
  return {
    imageAuroc: auroc(scores, labelsOf(tested)),
    pixelAp: truth.includes(1) ? averagePrecision(logitsOf(labelled), truth) : null,
    psnrNormal: psnrOfNormals(tested),
  };
}

function psnrOfNormals(tested: readonly Tested[]): number {
  const normal = tested.filter(({ kind }) => kind === GOOD).map(({ judged }) => judged);
  return psnr(
    normal.map(({ reconstruction }) => reconstruction),
    normal.map(({ picture }) => picture),
  );
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
    const { labelled, truth } = pixelLabels(own);
    return {
      kind,
      pictures: own.length,
      imageAuroc: auroc(scores, [...good.map(() => 0), ...own.map(() => 1)]),
      pixelAp: truth.includes(1) && truth.includes(0) ? averagePrecision(logitsOf(labelled), truth) : null,
    };
  });
}

function trivial(
  tested: readonly Tested[],
  normals: readonly Image[],
  truth: Uint8Array | null,
): Evaluation['baselines'] {
  const mean = meanPicture(normals);
  const guesses = tested.map(({ judged }) => mean && baselines(judged.picture, mean));
  const [first] = guesses;
  if (!first || !guesses.every((guess) => guess !== null)) return { imageAuroc: {}, pixelAp: {} };
  const figures = <K extends string>(names: Readonly<Record<K, unknown>>, metric: (name: K) => number) =>
    Object.fromEntries((Object.keys(names) as K[]).map((name) => [name, metric(name)]));
  const labelled = guesses.filter((_, i) => tested[i]?.labelled);
  return {
    imageAuroc: figures(first.image, (name) =>
      auroc(
        guesses.map(({ image }) => image[name]),
        labelsOf(tested),
      ),
    ),
    pixelAp: truth
      ? figures(first.pixel, (name) => averagePrecision(concatenated(labelled.map(({ pixel }) => pixel[name])), truth))
      : {},
  };
}
