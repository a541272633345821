import { GOOD } from '../data/dataset.ts';
import type { Evaluation } from '../inspect/evaluate.ts';
import { baselineName } from '../metrics/baselines.ts';
import { calibratedBy, describeCalibration } from '../metrics/describe-calibration.ts';
import type { MetricsRecord } from '../train/train.ts';
import { curve, lossCurve } from './charts.ts';
import { escapeHtml, inlineJson } from './escape.ts';
import { histogramScript } from './histogram-script.ts';
import type { ReportData, ShownPicture } from './report-data.ts';
import { style } from './style.ts';

type Row = readonly string[];

/** What a report says in place of figures. */
export const NOT_EVALUATED =
  'Not evaluated: that needs normal test pictures, in test/good, as well as defective ones, in test/<defect>, and the data set has not both. Name one that has: diffad report RUN --data DIR.';

const tableOf = (head: Row, rows: readonly Row[]): string => {
  const cells = (row: Row, tag: 'td' | 'th'): string =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${cells(head, 'th')}</thead><tbody>${rows.map((row) => cells(row, 'td')).join('')}</tbody></table>`;
};

const figure = (value: number | null, digits = 3): string => (value === null ? '–' : value.toFixed(digits));

function headline({ imageAuroc, pixelAuroc, pixelAp, auPro, bestF1, verdicts }: Evaluation): string {
  const tiles = [
    ['image AUROC', imageAuroc],
    ['pixel AP', pixelAp],
    ['AU-PRO (FPR ≤ 0.3)', auPro],
    ['pixel AUROC', pixelAuroc],
    ['best F1 (oracle)', bestF1.f1],
  ] as const;
  const counts = verdicts
    ? [
        ['defective pictures found', `${verdicts.found} of ${verdicts.defective}`],
        ['good pictures rejected', `${verdicts.rejected} of ${verdicts.good}`],
      ]
    : [];
  const all = [...tiles.map(([name, value]) => [name, figure(value)]), ...counts];
  return `<div class="tiles">${all.map(([name, value]) => `<div><b>${value}</b><span>${name}</span></div>`).join('')}</div>`;
}

function defects({ perDefect, baselines, control }: Evaluation): string {
  const rows = perDefect.map(({ kind, pictures, found, imageAuroc, pixelAp }) => [
    kind,
    String(pictures),
    String(found ?? '–'),
    figure(imageAuroc),
    figure(pixelAp),
  ]);
  const { imageAuroc, pixelAp } = baselines;
  const trivial = Object.keys({ ...imageAuroc, ...pixelAp }).map((name) => [
    `trivial: ${baselineName(name)}`,
    '',
    '',
    name in imageAuroc ? figure(imageAuroc[name] as number) : '',
    name in pixelAp ? figure(pixelAp[name] as number) : '',
  ]);
  const copied = control
    ? [['control: no diffusion, D(c) shown', '', '', figure(control.imageAuroc), figure(control.pixelAp)]]
    : [];
  return tableOf(['defect', 'pictures', 'found', 'image AUROC', 'pixel AP'], [...rows, ...copied, ...trivial]);
}

const GENERAL = ['stage', 'step', 'seconds', 'loss'];

/** The last gauge of each stage: how well it did on pictures it was not trained on. */
function gauges(metrics: readonly MetricsRecord[]): string {
  const last = new Map<string, MetricsRecord>();
  for (const record of metrics)
    if (Object.keys(record).some((name) => !GENERAL.includes(name))) last.set(record.stage, record);
  const rows = [...last.values()].flatMap((record) =>
    Object.entries(record)
      .filter(([name]) => !GENERAL.includes(name))
      .map(([name, value]) => [record.stage, name, Number(value).toPrecision(3), `after step ${record.step}`]),
  );
  return tableOf(['stage', 'gauge on held-out normals', 'value', 'when'], rows);
}

/** What a wrong verdict is called. */
const wrong = ({ kind, verdict }: ShownPicture): string => {
  if (kind === GOOD) return verdict === 'NG' ? ' · false alarm' : '';
  return verdict === 'OK' ? ' · missed' : '';
};

const card = (picture: ShownPicture): string => {
  const { path, kind, score, verdict, panel } = picture;
  return `<figure><img src="${panel}" alt="${escapeHtml(path)}" loading="lazy"><figcaption><b class="${verdict}">${verdict}</b> ${score.toFixed(3)} · ${escapeHtml(kind)} · ${escapeHtml(path)}${wrong(picture)}</figcaption></figure>`;
};

function thresholdNote({ calibration, evaluation }: ReportData): string {
  if (!calibration) return 'The model has no threshold yet.';
  const masks = evaluation ? ` Masks: ${evaluation.maskMode}.` : '';
  return `${describeCalibration(calibration)}${masks}`;
}

/** The scores with a threshold that can be moved; without one there is nothing to compare them with. */
function histogram({ scores, calibration, evaluation }: ReportData): { readonly box: string; readonly script: string } {
  const threshold = calibration?.threshold ?? evaluation?.bestF1.threshold;
  if (threshold === undefined) return { box: '', script: '' };
  const script = `<script>(${histogramScript})(${inlineJson({ scores, threshold })});</script>`;
  return { box: '<div id="histogram"></div>', script };
}

/** Figures, curves and pictures of the test set. */
async function tested(
  evaluation: Evaluation,
  { curves, pictures, scores, samplingStrip }: ReportData,
): Promise<string> {
  const { roc, precisionRecall, pro } = curves;
  const charts = await Promise.all([
    curve('ROC, pictures', 'false positive rate', 'true positive rate', roc),
    ...(precisionRecall.length > 0
      ? [curve('precision and recall, pixels', 'recall', 'precision', precisionRecall)]
      : []),
    ...(pro.length > 0 ? [curve('per-region overlap', 'false positive rate', 'overlap', pro, 0.3)] : []),
  ]);
  const strip = samplingStrip
    ? `<h2>How sampling redraws a picture: the input, then five steps</h2><p>Pictures are judged with the sampling steps named in the set-up.</p><img class="strip" src="${samplingStrip}" alt="sampling steps">`
    : '';
  return `<h2>Defects</h2>${defects(evaluation)}
<h2>Curves</h2><div class="charts">${charts.join('')}</div>
<h2>Pictures, the worst misses first: ${pictures.length} of ${scores.length}</h2>${pictures.map(card).join('\n')}
${strip}`;
}

/** One self-contained page: nothing is loaded from elsewhere. */
export async function renderReport(data: ReportData): Promise<string> {
  const stages = [...new Set(data.metrics.map(({ stage }) => stage))];
  const losses = await Promise.all(
    stages.map((stage) =>
      lossCurve(
        stage,
        data.metrics.filter((record) => record.stage === stage),
      ),
    ),
  );
  const { evaluation } = data;
  const { box, script } = histogram(data);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(data.title)}</title><style>${style}</style></head><body><main>
<h1>${escapeHtml(data.title)}</h1>
${evaluation ? headline(evaluation) : `<p>${escapeHtml(NOT_EVALUATED)}</p>`}
<h2>Scores${evaluation || !data.calibration ? '' : ` of ${calibratedBy(data.calibration)}`}</h2><p>${escapeHtml(thresholdNote(data))}</p>${box}
${evaluation ? await tested(evaluation, data) : ''}
${stages.length > 0 ? `<h2>Training</h2><div class="charts">${losses.join('')}</div>${gauges(data.metrics)}` : ''}
<h2>Set-up</h2>${tableOf(['', ''], data.setup)}
</main>${script}</body></html>
`;
}
