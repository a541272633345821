import { init } from '@diffad/tensor-core';
import { checkGolden } from '../../golden.ts';
import { fromBase64 } from '../../image/base64.ts';
import { inspect } from '../../inspect/inspect.ts';
import { CSV_HEADER, csvLine, type ResultRow, resultRow } from '../../inspect/result-row.ts';
import { describeCalibration } from '../../metrics/describe-calibration.ts';
import { loadModel, type Model } from '../../model.ts';
import { useCamera } from './camera.ts';
import { failedCard, foundCard } from './card.ts';
import { element } from './element.ts';
import { download, keepPage, onFiles } from './files.ts';
import { learn, offerModel } from './learn.ts';
import { pictureOf } from './picture-of.ts';

/** Cards that stay on the page; rows are kept all. */
const SHOWN = 100;

const status = element('status');
const threshold = element<HTMLInputElement>('threshold');
const cards = element('found');
const save = element<HTMLButtonElement>('save');
const rows: ResultRow[] = [];

/** Pictures are inspected one after the other. */
let last: Promise<unknown> = Promise.resolve();
const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
  const result = last.then(work);
  last = result.catch(() => undefined);
  return result;
};

function say(line: string, wrong = false): void {
  status.textContent = line;
  status.className = wrong ? 'wrong' : '';
}

async function start(): Promise<void> {
  if (!navigator.gpu)
    throw new Error(
      'this browser has no WebGPU here; Chrome, Edge and Safari of today have it, on pages opened from disk or by https',
    );
  keepPage();
  const lookWith = useCamera(say);
  const { info } = await init();
  const stored = document.getElementById('model')?.textContent;
  const model = stored ? await loadModel(fromBase64(stored)) : await learn(say, lookWith);
  if (!stored) offerModel(model);
  threshold.value = String(model.calibration?.threshold ?? '');
  if (model.calibration) element('rests').textContent = describeCalibration(model.calibration);
  const check = await checkGolden(model);
  const scored =
    check && `its own picture scores ${check.found.toFixed(3)} here, ${check.expected.toFixed(3)} where it was trained`;
  say(`ready, on ${info.adapter}${scored ? `; ${scored}` : ''}`, check?.agrees === false);
  listen(model);
  const look = (video: HTMLVideoElement) => inTurn(() => add(model, `camera ${new Date().toISOString()}`, video));
  lookWith({ look, what: 'inspect what it sees', again: true });
  element('work').hidden = false;
}

function listen(model: Model): void {
  onFiles(element('drop'), (files) => {
    for (const file of files) void inTurn(() => add(model, file.name, file));
  });
  save.addEventListener('click', () =>
    download('results.csv', [[CSV_HEADER, ...rows.map(csvLine), ''].join('\n')], 'text/csv'),
  );
}

/** Inspects a picture and puts what was found on top of the page. */
async function add(model: Model, name: string, source: Blob | HTMLVideoElement): Promise<void> {
  const card = await judged(model, name, source).catch((cause: Error) => failedCard(name, cause.message));
  cards.prepend(card);
  cards.children[SHOWN]?.remove();
  const defective = rows.filter(({ verdict }) => verdict === 'NG').length;
  element('count').textContent = `${rows.length} pictures, ${defective} with defects`;
  save.disabled = rows.length === 0;
}

async function judged(model: Model, name: string, source: Blob | HTMLVideoElement): Promise<HTMLElement> {
  const limit = threshold.valueAsNumber;
  if (Number.isNaN(limit)) throw new Error('not inspected, there is no threshold');
  const picture = await pictureOf(source);
  const started = performance.now();
  const found = await inspect(model, picture, { threshold: limit });
  const took = performance.now() - started;
  rows.push(resultRow(name, found));
  return foundCard(name, picture, found, took);
}

start().catch((cause: Error) => say(cause.message, true));
