import { access, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { persist, scope, type Tensor } from '@diffad/tensor-core';
import { preprocessOf } from '../../config/preprocess-of.ts';
import type { DiffADConfig } from '../../config/schema.ts';
import { scoreKernelsOf } from '../../config/score-kernels-of.ts';
import { GOOD } from '../../data/dataset.ts';
import { mapFiles } from '../../data/node/map-files.ts';
import { openDataset } from '../../data/node/open-dataset.ts';
import { testSamples } from '../../data/roles.ts';
import { DiffAD } from '../../diffad.ts';
import { grid } from '../../image/grid.ts';
import { type ByteImage, createMask, type Image } from '../../image/image.ts';
import { encodePng } from '../../image/node/write-png.ts';
import { postprocess, preprocess } from '../../image/preprocess.ts';
import { pixelLabels } from '../../inspect/evaluate.ts';
import { conclude } from '../../inspect/inspect.ts';
import { inspectionPanel } from '../../inspect/inspection-panel.ts';
import type { Tested } from '../../inspect/tested.ts';
import { concatenated } from '../../metrics/au-pro.ts';
import { perRegionOverlapCurve, precisionRecallCurve, rocCurve } from '../../metrics/curves.ts';
import { loadModel, type Model } from '../../model.ts';
import { renderReport } from '../../report/render-report.ts';
import type { ReportData, ShownPicture } from '../../report/report-data.ts';
import { stackImages, unstackImages } from '../../train/batch.ts';
import type { MetricsRecord } from '../../train/train.ts';
import { RunError } from '../run-settings.ts';
import { evaluateOn, hasTestSet, type TestData } from './evaluate-run.ts';
import { RunFolder } from './run-folder.ts';
import { writeWhole } from './write-whole.ts';

const SHOWN = 24;
const STRIP_STEPS = 5;

const uri = async (picture: ByteImage): Promise<string> =>
  `data:image/png;base64,${(await encodePng(picture)).toString('base64')}`;

export interface ReportOptions {
  readonly title: string;
  /** Folder of the data set. */
  readonly data: string;
  /** The HTML file to write. */
  readonly out: string;
  /** What the page says of how the model was made. */
  readonly setup: readonly Fact[];
  /** Learning curves; none where training is not at hand. */
  readonly metrics: readonly MetricsRecord[];
}

/** Evaluates a run on its own data set, or on `data`, and writes report.html into its folder; returns what it showed. Throws RunError where its data set is gone, DatasetError where `data` has no test pictures to evaluate on. */
export async function reportRun(path: string, data?: string): Promise<ReportData> {
  const folder = await RunFolder.open(path);
  const shown = data ?? (await ownData(folder));
  if (data !== undefined) testSamples(await openDataset(data), data);
  const model = await loadModel(path);
  try {
    return await reportModel(model, {
      title: `DiffAD: ${basename(shown)}`,
      data: shown,
      out: join(path, 'report.html'),
      setup: [...(await setupOf(folder)), ...(data === undefined ? [] : [['evaluated on', data] as const])],
      metrics: await folder.metrics(),
    });
  } finally {
    model.dispose();
  }
}

async function ownData({ path, settings: { data } }: RunFolder): Promise<string> {
  await access(data).catch((): never => {
    throw new RunError(
      `${data}: does not exist; if the data set of ${path} has moved, name its folder with --data DIR`,
    );
  });
  return data;
}

/** Writes one page of what is known of a model: of how it judges the test pictures of a data set, where that has some, and of its training. */
export async function reportModel(model: Model, options: ReportOptions): Promise<ReportData> {
  const { title, data, out, setup, metrics } = options;
  const { calibration } = model;
  const shown = (await hasTestSet(data)) ? await ofTestSet(model, data) : ofTraining(model);
  const report: ReportData = { title, setup, metrics, calibration, ...shown };
  await writeWhole(out, await renderReport(report));
  return report;
}

type Shown = Omit<ReportData, 'title' | 'setup' | 'metrics' | 'calibration'>;

async function ofTestSet(model: Model, data: string): Promise<Shown> {
  const { evaluation, tested, read } = await evaluateOn(model, data);
  const threshold = model.calibration?.threshold ?? evaluation.bestF1.threshold;
  return {
    evaluation,
    scores: tested.map(({ path, kind, judged }) => ({ path, kind, score: judged.score })),
    curves: curvesOf(tested),
    pictures: await shownPictures(tested, read, threshold),
    samplingStrip: model instanceof DiffAD ? await samplingStrip(model, tested, read) : null,
  };
}

const ofTraining = ({ calibration }: Model): Shown => ({
  evaluation: null,
  scores: (calibration?.scores ?? []).map((score) => ({ path: 'held out', kind: GOOD, score })),
  curves: { roc: [], precisionRecall: [], pro: [] },
  pictures: [],
  samplingStrip: null,
});

type Fact = readonly [name: string, value: string];

async function setupOf({ path, settings }: RunFolder): Promise<Fact[]> {
  const environment = JSON.parse(await readFile(join(path, 'environment.json'), 'utf8')) as Record<string, unknown>;
  return [
    ['data', settings.data],
    ['textures', settings.textures ?? 'made up'],
    ...(settings.region === undefined ? [] : [['region', settings.region] as const]),
    ...(settings.from === undefined ? [] : [['networks begun with', settings.from] as const]),
    ...(settings.autoencoder === undefined ? [] : [['autoencoder begun with', settings.autoencoder] as const]),
    ...describeConfig(settings.config),
    ['seed', String(settings.seed)],
    ...['version', 'commit', 'adapter', 'variant', 'node', 'system', 'date'].map(
      (name): Fact => [name, String(environment[name])],
    ),
  ];
}

/** What a configuration asks for, for people. */
export function describeConfig(config: DiffADConfig): Fact[] {
  const { preset, method, size, patch, training, draem, discriminator, diffusion, sampling, scoring } = config;
  const general: Fact = [
    'method',
    `${method}, preset ${preset}, ${size} px${patch ? ', windows at native scale' : ''}`,
  ];
  const score: Fact = [
    'score',
    `windows of ${scoreKernelsOf(config).join(', ')} px, ${scoring.background} of a picture's own level off`,
  ];
  const parts = { Dice: discriminator.diceWeight, 'the scores': scoring.lossWeight };
  const added = Object.entries(parts).map(([name, weight]) => (weight > 0 ? `, ${weight} of ${name}` : ''));
  const loss: Fact = ['loss of what is marked', `focal${added.join('')}`];
  if (method === 'draem') return [general, ['steps', String(draem.steps)], loss, score];
  const { vae, segment } = training;
  const start = sampling.start === 'noise' ? 'noise' : `the picture diffused to t = ${sampling.start}`;
  return [
    general,
    ['steps', `vae ${vae.steps}, diffusion ${training.diffusion.steps}, segment ${segment.steps}`],
    ['diffusion', `${diffusion.prediction} prediction, ${diffusion.condition} condition`],
    loss,
    ['sampling steps', `${sampling.steps}, from ${start}`],
    ['redrawings', String(sampling.redrawings)],
    ['weight of what differs', String(sampling.differenceWeight)],
    score,
  ];
}

function curvesOf(tested: readonly Tested[]): ReportData['curves'] {
  const labels = tested.map(({ kind }) => (kind === GOOD ? 0 : 1));
  const { labelled, truth } = pixelLabels(tested);
  const maps = labelled.map(({ judged }) => judged.logit);
  const masks = labelled.map(({ mask }) => mask);
  const marked = truth.includes(1);
  return {
    roc: rocCurve(
      tested.map(({ judged }) => judged.score),
      labels,
    ),
    precisionRecall: marked ? precisionRecallCurve(concatenated(maps), truth) : [],
    pro: marked ? perRegionOverlapCurve(maps, masks) : [],
  };
}

/** How wrong a verdict is: the distance from the threshold on the wrong side, negative where it is right. */
const miss = ({ kind, judged }: Tested, threshold: number): number =>
  kind === GOOD ? judged.score - threshold : threshold - judged.score;

async function shownPictures(
  tested: readonly Tested[],
  read: TestData['read'],
  threshold: number,
): Promise<ShownPicture[]> {
  const worst = tested.toSorted((a, b) => miss(b, threshold) - miss(a, threshold)).slice(0, SHOWN);
  const masked = tested.some(({ kind, labelled }) => kind !== GOOD && labelled);
  return mapFiles(worst, async ({ path, kind, judged, labelled }) => {
    const { image, mask } = await read(path);
    const found = conclude(judged, image, threshold);
    // A normal picture's truth is empty: shown, so that rows of one page stand below each other.
    const truth = mask ?? (masked && labelled ? createMask(image.width, image.height) : null);
    const panel = await uri(inspectionPanel(image, found, truth));
    return { path, kind, score: judged.score, verdict: found.verdict, panel };
  });
}

/** The latents of one defective picture after each of five steps, decoded. */
async function samplingStrip(model: DiffAD, tested: readonly Tested[], read: TestData['read']): Promise<string | null> {
  const shown = tested.find(({ kind }) => kind !== GOOD);
  if (!shown) return null;
  const input = preprocess((await read(shown.path)).image, preprocessOf(model.config, model.region)).image;
  const frames: Tensor[] = [];
  scope(() => {
    const c = model.encode(stackImages([input]));
    model.sample(c, model.inspectionNoise(1), STRIP_STEPS, (z) => frames.push(persist(model.decode(z))));
  });
  const row: Image[] = [input];
  for (const frame of frames) {
    row.push(...(await unstackImages(frame)));
    frame.dispose();
  }
  return uri(grid([row.map((image) => postprocess(image, preprocessOf(model.config)))]));
}
