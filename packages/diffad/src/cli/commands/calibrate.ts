import { Command, InvalidArgumentError } from 'commander';
import { readFitting } from '../../image/node/read-fitting.ts';
import { judgeAll } from '../../inspect/judge.ts';
import { findPictures } from '../../inspect/node/find-pictures.ts';
import { calibrate } from '../../metrics/calibrate.ts';
import { describeCalibration } from '../../metrics/describe-calibration.ts';
import { openModel } from '../../model-file.ts';
import { mustBeUnseen } from '../../run/node/must-be-unseen.ts';
import { replaceCalibration } from '../../run/node/replace-calibration.ts';
import { chunks } from '../../train/batch.ts';
import { decimal } from '../numbers.ts';
import { answer, UsageError } from '../output.ts';
import { withModel } from '../with-model.ts';

interface Options {
  readonly model: string;
  readonly alarms?: number;
  readonly json?: true;
}

interface Scored {
  readonly path: string;
  readonly score: number;
}

/** Pictures judged together: what memory holds at once. */
const BATCH = 8;
const SHOWN = 3;

export function calibrateCommand(): Command {
  return new Command('calibrate')
    .description('choose the threshold anew, from good parts that training did not see or for another rate of rejects')
    .argument('[path...]', 'good pictures, folders, or patterns; default: the scores it was chosen from')
    .requiredOption('--model <run>', 'a run folder, or a model file, which keeps the threshold')
    .option(
      '--alarms <n>',
      'good pictures out of a thousand that may be rejected; default as before, at first 10',
      rate,
    )
    .option('--json', 'one JSON document on standard output')
    .action(run);
}

async function run(paths: readonly string[], { model: path, alarms, json }: Options): Promise<void> {
  const { calibration: before } = (await openModel(path)).manifest;
  const scored = paths.length > 0 ? await judged(paths, path) : [];
  const given = paths.length > 0 || before?.given === true;
  const scores = paths.length > 0 ? scored.map(({ score }) => score) : before?.scores;
  if (!scores) throw new UsageError(`calibrate: ${path} was never calibrated; name good pictures`);
  const after = { ...calibrate(scores, alarms ?? before?.alarmsPer1000), ...(given && { given }) };
  await replaceCalibration(path, after);
  const { scores: all, ...chosen } = after;
  const said = { model: path, before: before?.threshold ?? null, ...chosen, pictures: all.length };
  const highest = scored.toSorted((a, b) => b.score - a.score).slice(0, SHOWN);
  answer(json === true, { ...said, highest }, () => [
    describeCalibration(after),
    ...(before ? [`It was ${before.threshold.toFixed(3)}.`] : []),
    ...(highest.length > 0 ? ['The highest scores, among which a part that is not good would be:'] : []),
    ...highest.map((row) => `  ${row.score.toFixed(3)}  ${row.path}`),
  ]);
}

function rate(value: string): number {
  const number = decimal(value);
  if (number <= 0 || number >= 500) throw new InvalidArgumentError('Expected a number above 0 and below 500.');
  return number;
}

async function judged(paths: readonly string[], run: string): Promise<Scored[]> {
  const pictures = await findPictures(paths);
  await mustBeUnseen(
    pictures.map(({ file }) => file),
    run,
  );
  return withModel(run, async (model) => {
    const scored: Scored[] = [];
    for (const group of chunks(pictures, BATCH)) {
      const images = await Promise.all(group.map(({ file }) => readFitting(file, model.region)));
      const scores = (await judgeAll(model, images)).map(({ score }) => score);
      scored.push(...group.map(({ path }, i) => ({ path, score: scores[i] as number })));
    }
    return scored;
  });
}
