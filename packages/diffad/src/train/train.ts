import type { LoadedFile } from '@diffad/nn';
import { currentDevice, type Tensor } from '@diffad/tensor-core';
import type { DiffADConfig } from '../config/schema.ts';
import { DiffAD } from '../diffad.ts';
import type { Image } from '../image/image.ts';
import { createModel, type Model } from '../model.ts';
import { stepsOf } from './budget.ts';
import { type Checkpoint, checkpointOf, type Position, positionOf, restoreModel } from './checkpoint.ts';
import { prefetchAhead, type TrainingData } from './draw.ts';
import type { Stage, StageName } from './stage.ts';
import { makeStage, stagesOf } from './stages.ts';

/** One line of metrics.jsonl. */
export interface MetricsRecord {
  readonly stage: StageName;
  readonly step: number;
  /** Since the stage was begun or last resumed, what is prepared before its first step too. */
  readonly seconds: number;
  readonly [metric: string]: number | string;
}

export interface Progress {
  readonly stage: StageName;
  readonly step: number;
  readonly steps: number;
  /** Mean over the last steps; null while a stage prepares. */
  readonly loss: number | null;
  readonly imagesPerSecond: number;
  readonly secondsLeft: number;
  readonly liveBytes: number;
}

export interface TrainOptions {
  readonly config: DiffADConfig;
  readonly seed: number;
  readonly data: TrainingData;
  /** Default: all stages of the method. */
  readonly stages?: readonly StageName[];
  /** A checkpoint of the same configuration and data; the run goes on where it stood. */
  readonly resume?: LoadedFile;
  /** Called with the new model before its first stage, unless `resume` fills it: the place to put in what earlier stages trained elsewhere. */
  readonly begin?: (model: Model) => void;
  /** Called every `saveEvery` seconds, at the end of a stage, and when `signal` asks to stop. */
  readonly save?: (checkpoint: Checkpoint) => Promise<void>;
  /** Default 60 s. */
  readonly saveEvery?: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly onMetrics?: (record: MetricsRecord) => void | Promise<void>;
  readonly onPreview?: (stage: StageName, step: number, rows: Image[][]) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** Thrown when `signal` stopped a run; its checkpoint has been saved. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

const LOG_EVERY = 10;
const GAUGES_PER_STAGE = 5;
/** Steps whose pictures are asked for before it is their turn. */
const AHEAD = 2;

/**
 * Trains a model stage by stage. Every step depends on the seed and its number alone, so a resumed run ends with the same bits as
 * one that never stopped. Throws Interrupted after `signal`, RangeError where the loss is no longer a
 * number, or where `stages` leaves out the rest of the one that `resume` stands in.
 */
export async function train(options: TrainOptions): Promise<Model> {
  const { config, seed, data, resume } = options;
  const model = createModel(config, seed).eval();
  try {
    const position = resume && positionOf(resume);
    if (resume) restoreModel(model, resume);
    else options.begin?.(model);
    for (const name of stagesLeft(options, position)) {
      const stage = makeStage(name, model, data, seed);
      const from = position?.stage === name ? position.step : 0;
      try {
        if (resume && position?.stage === name) stage.load(resume, position.counts);
        await new Run(model, stage, options).from(from);
      } finally {
        stage.finish();
      }
    }
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The wanted stages from where a checkpoint stands, its own first even where it was left out and is done: only then has its network the averaged weights. */
function stagesLeft({ config, stages }: TrainOptions, position: Position | undefined): readonly StageName[] {
  const all = stagesOf(config);
  const left = all.slice(position ? all.indexOf(position.stage) : 0);
  const wanted = left.filter((name) => stages?.includes(name) ?? true);
  if (!position || wanted.length === 0 || wanted[0] === position.stage) return wanted;
  const steps = stepsOf(config, position.stage);
  if (position.step < steps)
    throw new RangeError(
      `train: stages ${wanted.join(', ')} need ${position.stage}, whose checkpoint stands at step ${position.step} of ${steps}; train that stage to its end first`,
    );
  return [position.stage, ...wanted];
}

/** One stage on its way: steps, and what is told and saved meanwhile. */
class Run {
  readonly #model: Model;
  readonly #stage: Stage;
  readonly #options: TrainOptions;
  readonly #started = performance.now();
  #saved = performance.now();

  constructor(model: Model, stage: Stage, options: TrainOptions) {
    this.#model = model;
    this.#stage = stage;
    this.#options = options;
  }

  async from(first: number): Promise<void> {
    const { steps } = this.#stage;
    if (first < steps) await this.#prepare(first);
    const begun = performance.now();
    let losses: Tensor[] = [];
    for (let step = first; step < steps; step++) {
      losses.push(await this.#step(step));
      const done = step + 1;
      if (done % LOG_EVERY === 0 || done === steps || this.#options.signal?.aborted) {
        await this.#log(done, await meanOf(losses), first, begun);
        losses = [];
        await this.#pause(done);
      }
    }
    await this.#save(steps);
  }

  async #prepare(first: number): Promise<void> {
    await this.#stage.prepare(first, (done, total) => {
      this.#progress(first, null, first, done / total);
      if (this.#options.signal?.aborted)
        throw new Interrupted(`stopped before step ${first + 1} of stage ${this.#stage.name}`);
    });
  }

  async #step(step: number): Promise<Tensor> {
    const { prefetch } = this.#options.data;
    await prefetch?.(this.#stage.items(step));
    for (let next = step + 1; next < Math.min(step + 1 + AHEAD, this.#stage.steps); next++)
      prefetchAhead(this.#options.data, this.#stage.items(next));
    if (this.#model instanceof DiffAD) this.#model.seekDropout(step);
    const loss = await this.#stage.step(step);
    currentDevice().recorder.flush();
    return loss;
  }

  async #log(done: number, loss: number, first: number, begun: number): Promise<void> {
    const { name, steps } = this.#stage;
    if (!Number.isFinite(loss))
      throw new RangeError(
        `${name}: the loss is ${loss} at step ${done}; lower ${name === 'draem' ? '' : 'training.'}${name}.learningRate and train again`,
      );
    this.#progress(done, loss, first, (performance.now() - begun) / 1000);
    const every = Math.max(LOG_EVERY, Math.ceil(steps / GAUGES_PER_STAGE / LOG_EVERY) * LOG_EVERY);
    const due = done % every === 0 || done === steps;
    if (due) await this.#stage.settle?.();
    const gauges = due ? await this.#stage.gauge() : {};
    const seconds = (performance.now() - this.#started) / 1000;
    await this.#options.onMetrics?.({ stage: name, step: done, seconds, loss, ...gauges });
    if (due) await this.#options.onPreview?.(name, done, await this.#stage.preview());
  }

  #progress(done: number, loss: number | null, first: number, elapsed: number): void {
    const { name, steps, batch } = this.#stage;
    const perSecond = loss === null ? 0 : (done - first) / elapsed;
    this.#options.onProgress?.({
      stage: name,
      step: done,
      steps,
      loss,
      imagesPerSecond: perSecond * batch,
      secondsLeft: perSecond > 0 ? (steps - done) / perSecond : Number.NaN,
      liveBytes: currentDevice().memory().liveBytes,
    });
  }

  /** Saves when it is time, or when the run is to stop. */
  async #pause(done: number): Promise<void> {
    const { signal, saveEvery = 60 } = this.#options;
    if (signal?.aborted) {
      await this.#save(done);
      throw new Interrupted(`stopped in stage ${this.#stage.name} at step ${done} of ${this.#stage.steps}`);
    }
    if (performance.now() - this.#saved > saveEvery * 1000) await this.#save(done);
  }

  async #save(done: number): Promise<void> {
    await this.#options.save?.(checkpointOf(this.#model, this.#stage, done));
    this.#saved = performance.now();
  }
}

async function meanOf(losses: readonly Tensor[]): Promise<number> {
  const values = await Promise.all(losses.map((loss) => loss.item()));
  for (const loss of losses) loss.dispose();
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
