import { join, resolve } from 'node:path';
import type { LoadedFile } from '@diffad/nn';
import { currentDevice } from '@diffad/tensor-core';
import type { DiffADConfig } from '../../config/schema.ts';
import { listPictures, slashed } from '../../data/node/list-pictures.ts';
import { grid } from '../../image/grid.ts';
import { writePng } from '../../image/node/write-png.ts';
import type { Model } from '../../model.ts';
import { saveModel } from '../../save-model.ts';
import { SimulationPool } from '../../synthesis/node/simulation-pool.ts';
import { fitBudget, secondsOf, stepsOf } from '../../train/budget.ts';
import { positionOf } from '../../train/checkpoint.ts';
import { finishModel } from '../../train/finish-model.ts';
import { type Costs, measureStages } from '../../train/measure.ts';
import type { StageName } from '../../train/stage.ts';
import { stagesOf } from '../../train/stages.ts';
import { type Progress, type TrainOptions, train } from '../../train/train.ts';
import { RunError, type RunSettings } from '../run-settings.ts';
import { calibrationOf } from './calibration-of.ts';
import { environmentOf } from './environment.ts';
import { loadRunData, type RunData } from './load-run-data.ts';
import { autoencoderOf, networksOf } from './networks-of.ts';
import { readHeldOut } from './read-held-out.ts';
import { RunFolder, splitOf } from './run-folder.ts';

export interface TrainRunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Told, in lines for people, which pictures play which role, before training. */
  readonly onRoles?: (roles: readonly string[]) => void;
  /** Only these stages; default all. */
  readonly stages?: readonly StageName[];
  /** Seconds between checkpoints; default 60. */
  readonly saveEvery?: number;
}

export interface StartRunOptions extends TrainRunOptions {
  /** Seconds training may take: the steps of all stages are scaled down to what this device does in that time. */
  readonly budget?: number;
  /** Told what the run will cost before it starts; measuring takes a few steps of every stage. */
  readonly onEstimate?: (estimate: Estimate) => void;
}

/** What a run costs on this device. */
export interface Estimate {
  readonly stages: readonly { readonly stage: StageName; readonly steps: number; readonly seconds: number }[];
  /** Bytes of tensors at the peak. */
  readonly peakBytes: number;
}

/** Starts a run in a new folder and trains it to the end. */
export async function startRun(path: string, settings: RunSettings, options: StartRunOptions = {}): Promise<Model> {
  const { budget, onEstimate } = options;
  await RunFolder.mustBeFree(path);
  await mustHoldNoPictures(path, settings.data);
  const begin = await beginOf(settings);
  const data = await loadRunData(settings);
  options.onRoles?.(data.roles);
  let { config } = settings;
  if (budget !== undefined || onEstimate) {
    const costs = await measureStages(config, data.training);
    if (budget !== undefined) config = fitBudget(config, costs, budget);
    onEstimate?.(estimateOf(config, costs));
  }
  const folder = await RunFolder.create(path, { ...settings, config });
  await using _ = await folder.hold();
  return await trainIn(folder, data, options, begin);
}

/** Throws RunError where pictures of the data set lie in the run folder: its own pictures would count as theirs. */
async function mustHoldNoPictures(path: string, data: string): Promise<void> {
  const inside = slashed(resolve(data), resolve(path));
  const taken = (await listPictures(data)).filter((picture) => inside === '' || picture.startsWith(`${inside}/`));
  if (taken.length > 0)
    throw new RunError(
      `${path}: ${taken.length} pictures of the data set lie in it, first ${taken[0]}; choose a folder of its own for the run, e.g. ${join(path, 'run')}`,
    );
}

const estimateOf = (config: DiffADConfig, { stages, peakBytes }: Costs): Estimate => ({
  stages: stages.map((cost) => ({
    stage: cost.stage,
    steps: stepsOf(config, cost.stage),
    seconds: secondsOf(config, cost),
  })),
  peakBytes,
});

/** Goes on with a run where its last checkpoint stood; ends with the same bits as a run that never stopped. Throws RunError where its pictures are no longer the same. */
export async function resumeRun(path: string, options: TrainRunOptions = {}): Promise<Model> {
  const folder = await RunFolder.open(path);
  await using _ = await folder.hold();
  const data = await loadRunData(folder.settings, await splitOf(path));
  options.onRoles?.(data.roles);
  return await trainIn(folder, data, options);
}

/** Puts what a run starts from into its model; undefined where it starts from nothing. */
async function beginOf({ from, autoencoder, config }: RunSettings): Promise<TrainOptions['begin']> {
  if (from !== undefined) return networksOf(from, config);
  return autoencoder === undefined ? undefined : autoencoderOf(autoencoder, config);
}

async function trainIn(
  folder: RunFolder,
  data: RunData,
  options: TrainRunOptions,
  read?: TrainOptions['begin'],
): Promise<Model> {
  const { config, seed } = folder.settings;
  await folder.write('environment.json', environmentOf(currentDevice()));
  await folder.write('split.json', data.split);
  const resume = await folder.loadCheckpoint();
  await dropLater(folder, resume);
  const begin = resume ? undefined : (read ?? (await beginOf(folder.settings)));
  await using ahead = new SimulationPool(data.training.simulator);
  const model = await train({
    config,
    seed,
    data: { ...data.training, prefetch: (indices) => ahead.prefetch(indices) },
    ...options,
    ...(resume && { resume }),
    ...(begin && { begin }),
    save: (checkpoint) => {
      const { stage, step } = positionOf(checkpoint);
      return folder.saveCheckpoint(checkpoint, `${stage}-${step}`);
    },
    onMetrics: (record) => folder.appendMetrics(record),
    onPreview: (stage, step, rows) => writePng(join(folder.path, 'previews', `${stage}-${step}.png`), grid(rows)),
  });
  if (stagesOf(config).some((stage) => options.stages?.includes(stage) === false)) return model;
  model.region = data.region;
  await finishModel(model, readHeldOut(folder.settings.data, data.split), data.training.gauge);
  model.calibration = (await calibrationOf(folder.path)) ?? model.calibration; // of a finished run, which `calibrate` may have changed
  await saveModel(model, folder.modelPath);
  return model;
}

/** Drops the metrics of steps that are done again: all without a checkpoint. */
async function dropLater(folder: RunFolder, checkpoint: LoadedFile | undefined): Promise<void> {
  if (!checkpoint) return folder.keepMetrics(() => false);
  const { stage, step } = positionOf(checkpoint);
  const order = stagesOf(folder.settings.config);
  await folder.keepMetrics(
    (record) => order.indexOf(record.stage) < order.indexOf(stage) || (record.stage === stage && record.step <= step),
  );
}
