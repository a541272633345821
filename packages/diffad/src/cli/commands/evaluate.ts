import { Command, Option } from 'commander';
import type { MaskMode } from '../../image/mask.ts';
import type { Evaluation, Verdicts } from '../../inspect/evaluate.ts';
import { baselineName } from '../../metrics/baselines.ts';
import { describeCalibration } from '../../metrics/describe-calibration.ts';
import type { Model } from '../../model.ts';
import { evaluateOn } from '../../run/node/evaluate-run.ts';
import { count } from '../numbers.ts';
import { answer, say, table } from '../output.ts';
import { withModel } from '../with-model.ts';

interface Options {
  readonly model: string;
  readonly steps?: number;
  readonly redrawings?: number;
  readonly maskMode: MaskMode;
  readonly json?: true;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('compare with the labels of a test set: AUROC, AP, AU-PRO, F1, per kind of defect')
    .argument('<dir>', 'the data set')
    .requiredOption('--model <run>', 'a run folder, or a model file')
    .option('--steps <n>', 'sampling steps; default the model’s', count)
    .option('--redrawings <n>', 'redrawings a picture is compared with; default the model’s', count)
    .addOption(
      new Option('--mask-mode <rule>', 'when a resized mask pixel is defective')
        .choices(['diffad', 'nearest', 'gt0.5', 'any'])
        .default('gt0.5'),
    )
    .option('--json', 'one JSON document on standard output')
    .action(run);
}

async function run(dir: string, { model: path, steps, redrawings, maskMode, json }: Options): Promise<void> {
  await withModel(path, async (model) => {
    const { evaluation } = await evaluateOn(model, dir, {
      maskMode,
      ...(steps && { steps }),
      ...(redrawings && { redrawings }),
    });
    answer(json === true, evaluation, () => evaluationLines(evaluation));
    say(thresholdNote(model.calibration));
  });
}

/** Where the threshold comes from, in a line for people. */
export const thresholdNote = (calibration: Model['calibration']): string =>
  calibration
    ? describeCalibration(calibration)
    : 'this model has no threshold: it was not calibrated on normal pictures; the figures need none';

const figure = (value: number | null): string => (value === null ? '-' : value.toFixed(3));

/** NaN is the PSNR of no pixels: there are none inside defects without masks. */
const decibel = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(1));

const verdictsLine = ({ good, rejected, defective, found }: Verdicts): string =>
  `finds ${found} of ${defective} defective pictures, rejects ${rejected} of ${good} good ones`;

/** The figures for people. */
export function evaluationLines(evaluation: Evaluation): string[] {
  const { imageAuroc, pixelAuroc, pixelAp, auPro, bestF1, threshold, verdicts, psnr, baselines, control } = evaluation;
  const trivial = (figures: Readonly<Record<string, number>>): string =>
    Object.entries(figures)
      .map(([name, value]) => `${baselineName(name)} ${value.toFixed(3)}`)
      .join(', ') || '-';
  return [
    ...table([
      ['image AUROC', figure(imageAuroc), `trivial: ${trivial(baselines.imageAuroc)}`],
      ['pixel AUROC', figure(pixelAuroc), ''],
      ['pixel AP', figure(pixelAp), `trivial: ${trivial(baselines.pixelAp)}`],
      ['AU-PRO (FPR 0.3)', figure(auPro), ''],
      ['best F1', figure(bestF1.f1), `at ${figure(bestF1.threshold)}; knows the labels`],
      ['threshold', figure(threshold), verdicts ? verdictsLine(verdicts) : ''],
      [
        'PSNR in / outside / normal',
        [psnr.inside, psnr.outside, psnr.normal].map(decibel).join(' / '),
        'dB; reconstruction inside and outside defects, and of normal pictures',
      ],
      ['seconds a picture', evaluation.secondsPerImage.toFixed(3), `masks: ${evaluation.maskMode}`],
    ]),
    '',
    ...table([
      ['defect', 'pictures', 'found', 'image AUROC', 'pixel AP'],
      ...evaluation.perDefect.map((row) => [
        row.kind,
        String(row.pictures),
        String(row.found ?? '-'),
        figure(row.imageAuroc),
        figure(row.pixelAp),
      ]),
      ...(control
        ? [['all, no diffusion (control)', '', '', figure(control.imageAuroc), figure(control.pixelAp)]]
        : []),
    ]),
  ];
}
