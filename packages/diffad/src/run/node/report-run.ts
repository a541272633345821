import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { persist, scope, type Tensor } from '@diffad/tensor-core';
import { preprocessOf } from '../../config/preprocess-of.ts';
import { GOOD } from '../../data/dataset.ts';
import { DiffAD } from '../../diffad.ts';
import { grid } from '../../image/grid.ts';
import type { ByteImage, Image } from '../../image/image.ts';
import { encodePng } from '../../image/node/write-png.ts';
import { postprocess, preprocess } from '../../image/preprocess.ts';
import type { Labelled, Tested } from '../../inspect/evaluate.ts';
import { conclude } from '../../inspect/inspect.ts';
import { inspectionPanel } from '../../inspect/node/write-inspection.ts';
import { concatenated } from '../../metrics/au-pro.ts';
import { perRegionOverlapCurve, precisionRecallCurve, rocCurve } from '../../metrics/curves.ts';
import { loadModel, type Model } from '../../model.ts';
import { renderReport } from '../../report/render-report.ts';
import type { ReportData, ShownPicture } from '../../report/report-data.ts';
import { stackImages, unstackImages } from '../../train/batch.ts';
import { evaluateOn } from './evaluate-run.ts';
import { RunFolder } from './run-folder.ts';
import { writeWhole } from './write-whole.ts';

const SHOWN = 24;

const uri = async (picture: ByteImage): Promise<string> =>
  `data:image/png;base64,${(await encodePng(picture)).toString('base64')}`;

/** Evaluates a run on its own data set and writes report.html into its folder; returns what it showed. */
export async function reportRun(path: string, onProgress?: (done: number, total: number) => void): Promise<ReportData> {
  const folder = await RunFolder.open(path);
  const model = await loadModel(path);
  try {
    const { data } = folder.settings;
    const { evaluation, tested, pictures } = await evaluateOn(model, data, { ...(onProgress && { onProgress }) });
    const threshold = model.calibration?.threshold ?? evaluation.bestF1.threshold;
    const report: ReportData = {
      title: `DiffAD: ${data.split('/').at(-1)}`,
      setup: await setupOf(folder, model),
      metrics: await folder.metrics(),
      evaluation,
      calibration: model.calibration,
      scores: tested.map(({ path: name, kind, judged }) => ({ path: name, kind, score: judged.score })),
      curves: curvesOf(tested),
      pictures: await shownPictures(tested, pictures, threshold),
      samplingStrip: model instanceof DiffAD ? await samplingStrip(model, pictures) : null,
    };
    await writeWhole(join(path, 'report.html'), await renderReport(report));
    return report;
  } finally {
    model.dispose();
  }
}

async function setupOf({ path, settings }: RunFolder, model: Model): Promise<[string, string][]> {
  const environment = JSON.parse(await readFile(join(path, 'environment.json'), 'utf8')) as Record<string, unknown>;
  const { preset, method, size, training, diffusion, sampling } = settings.config;
  return [
    ['data', settings.data],
    ['textures', settings.textures ?? 'made up'],
    ['method', `${method}, preset ${preset}, ${size} px${model.config.patch ? ', windows at native scale' : ''}`],
    ['steps', `vae ${training.vae.steps}, diffusion ${training.diffusion.steps}, segment ${training.segment.steps}`],
    [
      'diffusion',
      `${diffusion.prediction} prediction, ${diffusion.condition} condition, ${sampling.steps} sampling steps`,
    ],
    ['seed', String(settings.seed)],
    ...['adapter', 'variant', 'node', 'system', 'date'].map((name): [string, string] => [
      name,
      String(environment[name]),
    ]),
  ];
}

function curvesOf(tested: readonly Tested[]): ReportData['curves'] {
  const labels = tested.map(({ kind }) => (kind === GOOD ? 0 : 1));
  const maps = tested.map(({ judged }) => judged.logit);
  const masks = tested.map(({ mask }) => mask);
  const truth = Uint8Array.from(masks.flatMap(({ data }) => [...data]));
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
  pictures: readonly Labelled[],
  threshold: number,
): Promise<ShownPicture[]> {
  const worst = tested
    .map((one, i) => ({ one, picture: pictures[i] as Labelled }))
    .sort((a, b) => miss(b.one, threshold) - miss(a.one, threshold));
  return Promise.all(
    worst.slice(0, SHOWN).map(async ({ one: { path, kind, judged }, picture: { image, mask } }) => {
      const found = conclude(judged, image, threshold);
      const panel = await uri(inspectionPanel(image, found, mask));
      return { path, kind, score: judged.score, verdict: found.verdict, panel };
    }),
  );
}

/** The latents of one defective picture after each step, decoded. */
async function samplingStrip(model: DiffAD, pictures: readonly Labelled[]): Promise<string | null> {
  const shown = pictures.find(({ kind }) => kind !== GOOD);
  if (!shown) return null;
  const input = preprocess(shown.image, preprocessOf(model.config)).image;
  const frames: Tensor[] = [];
  scope(() => {
    const c = model.encode(stackImages([input]));
    model.sample(c, model.inspectionNoise(1), model.config.sampling.steps, (z) =>
      frames.push(persist(model.decode(z))),
    );
  });
  const row: Image[] = [input];
  for (const frame of frames) {
    row.push(...(await unstackImages(frame)));
    frame.dispose();
  }
  return uri(grid([row.map((image) => postprocess(image, preprocessOf(model.config)))]));
}
