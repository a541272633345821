import { GOOD } from '../data/dataset.ts';
import { DiffAD } from '../diffad.ts';
import type { Image, Mask } from '../image/image.ts';
import type { MaskMode } from '../image/mask.ts';
import { auPro, concatenated } from '../metrics/au-pro.ts';
import { auroc } from '../metrics/auroc.ts';
import { averagePrecision } from '../metrics/average-precision.ts';
import { type Baselines, baselines, meanPicture } from '../metrics/baselines.ts';
import { bestF1 } from '../metrics/best-f1.ts';
import { SquaredErrors } from '../metrics/psnr.ts';
import type { Model } from '../model.ts';
import { type Judged, judgeAll, usesWindows } from './judge.ts';
import { ReconstructionErrors, type ReconstructionPsnr } from './reconstruction-errors.ts';
import { type EvaluateOptions, keep, type Labelled, type Tested } from './tested.ts';

export interface DefectRow {
  readonly kind: string;
  readonly pictures: number;
  /** Against all normal test pictures. */
  readonly imageAuroc: number;
  /** Over the pictures of this kind; null without masks. */
  readonly pixelAp: number | null;
  /** Pictures of this kind that the model's own threshold rejects; null without one. */
  readonly found: number | null;
}

/** What the model's own threshold makes of the test pictures. */
export interface Verdicts {
  readonly good: number;
  /** Good pictures it rejects. */
  readonly rejected: number;
  readonly defective: number;
  /** Defective pictures it rejects. */
  readonly found: number;
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
  /** The model’s own threshold, chosen from normal pictures alone. */
  readonly threshold: number | null;
  /** Null without a threshold. */
  readonly verdicts: Verdicts | null;
  readonly maskMode: MaskMode;
  readonly perDefect: readonly DefectRow[];
  readonly psnr: ReconstructionPsnr;
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
 * Judges every test picture and compares with the labels. Needs normal and defective pictures. They are taken eight at a time, one
 * where the model judges windows, and not kept, so an iterable that reads them from disk holds few of them. Of each remain its logits,
 * those of the control, its mask and the maps of the trivial baselines, 17 bytes a pixel (nine where windows are judged), and pictures of at most 256 px a side: see {@link Kept}.
 */
export async function evaluate(
  model: Model,
  pictures: Iterable<Labelled> | AsyncIterable<Labelled>,
  normals: readonly Image[],
  options: EvaluateOptions = {},
): Promise<{ evaluation: Evaluation; tested: Tested[] }> {
  const { onProgress, maskMode = 'gt0.5', ...judging } = options;
  const mean = meanPicture(normals);
  const tested: Tested[] = [];
  const guesses: (Baselines | null)[] = [];
  const copied: Scored[] = [];
  const errors = new ReconstructionErrors();
  const copyErrors = new SquaredErrors(); // of normals alone
  let seconds = 0;
  for await (const group of inGroups(pictures, usesWindows(model, judging) ? 1 : BATCH)) {
    const images = group.map(({ image }) => image);
    const started = performance.now();
    const judged = await judgeAll(model, images, judging);
    seconds += (performance.now() - started) / 1000;
    const copies =
      model instanceof DiffAD ? await judgeAll(model, images, { ...judging, reconstruction: 'copied' }) : [];
    for (const [i, labelled] of group.entries()) {
      const own = judged[i] as Judged;
      const kept = keep(labelled, own, maskMode);
      tested.push(kept);
      errors.add(kept, own);
      guesses.push(mean && baselines(own.picture, mean));
      const copy = copies[i];
      if (!copy) continue;
      copied.push({ score: copy.score, logit: copy.logit });
      if (labelled.kind === GOOD) copyErrors.add(copy.reconstruction, copy.picture);
    }
    onProgress?.(tested.length);
  }
  const threshold = model.calibration?.threshold ?? null;
  return {
    evaluation: {
      ...summarise(tested, maskMode),
      psnr: errors.psnr,
      baselines: trivial(tested, guesses),
      perDefect: perDefect(tested, threshold),
      threshold,
      verdicts: threshold === null ? null : verdictsOf(tested, threshold),
      control: model instanceof DiffAD ? controlOf(tested, copied, copyErrors.psnr) : null,
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

type Summary = Pick<Evaluation, 'imageAuroc' | 'pixelAuroc' | 'pixelAp' | 'auPro' | 'bestF1' | 'maskMode'>;

function summarise(tested: readonly Tested[], maskMode: MaskMode): Summary {
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
  };
}

const labelsOf = (tested: readonly Tested[]): number[] => tested.map(({ kind }) => (kind === GOOD ? 0 : 1));

/** The pictures whose pixels have labels, and these labels in one row. */
export function pixelLabels(tested: readonly Tested[]): { labelled: Tested[]; truth: Uint8Array } {
  const labelled = tested.filter((one) => one.labelled);
  return { labelled, truth: concatenatedMasks(labelled.map(({ mask }) => mask)) };
}

type Scored = Pick<Judged, 'score' | 'logit'>;

const logitsOf = (judged: readonly Scored[]): Float32Array => concatenated(judged.map(({ logit }) => logit));

/** `copied` are the same pictures in the same order. */
function controlOf(tested: readonly Tested[], copied: readonly Scored[], psnrNormal: number): Control {
  const scores = copied.map(({ score }) => score);
  const { truth } = pixelLabels(tested);
  const labelled = copied.filter((_, i) => tested[i]?.labelled);
  return {
    imageAuroc: auroc(scores, labelsOf(tested)),
    pixelAp: truth.includes(1) ? averagePrecision(logitsOf(labelled), truth) : null,
    psnrNormal,
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

const rejected = (tested: readonly Tested[], threshold: number): number =>
  tested.filter(({ judged }) => judged.score >= threshold).length;

function verdictsOf(tested: readonly Tested[], threshold: number): Verdicts {
  const good = tested.filter(({ kind }) => kind === GOOD);
  const defective = tested.filter(({ kind }) => kind !== GOOD);
  return {
    good: good.length,
    rejected: rejected(good, threshold),
    defective: defective.length,
    found: rejected(defective, threshold),
  };
}

function perDefect(tested: readonly Tested[], threshold: number | null): DefectRow[] {
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
      pixelAp:
        truth.includes(1) && truth.includes(0)
          ? averagePrecision(logitsOf(labelled.map(({ judged }) => judged)), truth)
          : null,
      found: threshold === null ? null : rejected(own, threshold),
    };
  });
}

function trivial(tested: readonly Tested[], guesses: readonly (Baselines | null)[]): Evaluation['baselines'] {
  const [first] = guesses;
  if (!first || !guesses.every((guess) => guess !== null)) return { imageAuroc: {}, pixelAp: {} };
  const figures = <K extends string>(names: Readonly<Record<K, unknown>>, metric: (name: K) => number) =>
    Object.fromEntries((Object.keys(names) as K[]).map((name) => [name, metric(name)]));
  const { truth } = pixelLabels(tested);
  const labelled = guesses.filter((_, i) => tested[i]?.labelled);
  return {
    imageAuroc: figures(first.image, (name) =>
      auroc(
        guesses.map(({ image }) => image[name]),
        labelsOf(tested),
      ),
    ),
    pixelAp: truth.includes(1)
      ? figures(first.pixel, (name) => averagePrecision(concatenated(labelled.map(({ pixel }) => pixel[name])), truth))
      : {},
  };
}
