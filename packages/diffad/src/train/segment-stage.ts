import { Adam, type LoadedFile, updateBatchNorm } from '@diffad/nn';
import { type Rng, scope, type Tensor } from '@diffad/tensor-core';
import type { DiffAD } from '../diffad.ts';
import type { Image } from '../image/image.ts';
import { imageOf } from '../image/mask.ts';
import { probabilityOf } from '../image/probability.ts';
import { averagePrecision } from '../metrics/average-precision.ts';
import { anomalyLogit } from '../segment/discriminator.ts';
import type { Simulator } from '../synthesis/simulator.ts';
import { chunks, stackRows, unstackImages } from './batch.ts';
import { drawItems, prefetchAhead, type TrainingData } from './draw.ts';
import { Learner, rateOf } from './learner.ts';
import { markingLoss } from './marking-loss.ts';
import type { Stage, StageState } from './stage.ts';
import { restore, stateOf } from './stage-state.ts';
import { TuplePool } from './tuples.ts';

const PREVIEWS = 4;
const GAUGE_ITEMS = 32;
const SETTLE_BATCHES = 8;

/** Stage 3: the discriminator learns to mark the simulated defects from picture, reconstruction and interpolation. Paper section 3.3. */
export class SegmentStage implements Stage {
  readonly name = 'segment';
  readonly steps: number;
  readonly batch: number;
  readonly #model: DiffAD;
  readonly #data: TrainingData;
  readonly #rng: Rng;
  readonly #learner: Learner;
  readonly #tuples: TuplePool;
  readonly #gaugeTuples: TuplePool;
  #filled = -1;

  constructor(model: DiffAD, data: TrainingData, rng: Rng) {
    const config = model.config.training.segment;
    this.steps = config.steps;
    this.batch = config.batch;
    this.#model = model;
    this.#data = data;
    this.#rng = rng;
    const parameters = model.discriminator.train().namedParameters();
    this.#learner = new Learner(parameters, new Adam(parameters, config), rateOf(config));
    this.#tuples = new TuplePool(model, config.samplingSteps);
    this.#gaugeTuples = new TuplePool(model, model.config.sampling.steps);
  }

  prepare(from: number, report: (done: number, total: number) => void): Promise<void> {
    return this.#fill(this.#period(from), report);
  }

  /** Makes the pool of one refresh period, always whole and in the same batches, so that a resumed run has the same bits. */
  async #fill(period: number, report?: (done: number, total: number) => void): Promise<void> {
    const pool = Array.from({ length: this.#data.pool }, (_, i) => i);
    prefetchAhead(this.#data, pool);
    this.#tuples.clear();
    await this.#tuples.fetch(this.#data, pool, this.#noise(period), (done) => report?.(done, pool.length));
    this.#filled = period;
  }

  #period(step: number): number {
    const { refresh } = this.#model.config.training.segment;
    return refresh > 0 ? Math.floor(step / refresh) : 0;
  }

  /** Reconstructions of one refresh period start from the same noise. */
  #noise(period: number): Rng {
    return this.#rng.fork(2 ** 40 + period);
  }

  items(step: number): number[] {
    return drawItems(this.#data, step, this.batch, this.#rng.fork(step));
  }

  async step(step: number): Promise<Tensor> {
    const period = this.#period(step);
    if (this.#data.pool === 0) this.#tuples.clear();
    else if (period !== this.#filled) await this.#fill(period);
    const indices = this.items(step);
    const rows = await this.#tuples.fetch(this.#data, indices, this.#noise(period));
    return scope(() => {
      const stack = this.#stacked(rows);
      const masks = indices.map((index) => this.#data.simulator.item(index).mask);
      const { config, discriminator } = this.#model;
      return this.#learner.step(step, () => markingLoss(config, discriminator.call(stack), masks));
    });
  }

  #stacked(rows: readonly Float32Array[]): Tensor {
    const { size } = this.#model.config;
    return stackRows(rows, [size, size, (rows[0] as Float32Array).length / size ** 2]);
  }

  state(): StageState {
    return stateOf(this.#learner.optimizer);
  }

  load(file: Pick<LoadedFile, 'tensors'>, counts: Readonly<Record<string, number>>): void {
    restore(file, counts, this.#learner.optimizer);
  }

  settle(): Promise<void> {
    const { discriminator } = this.#model;
    return updateBatchNorm(discriminator, SETTLE_BATCHES, async (batch) => {
      const indices = drawItems(this.#data, batch, this.batch, this.#rng.fork(2 ** 41 + batch));
      const rows = await this.#tuples.fetch(this.#data, indices, this.#noise(this.#filled));
      scope(() => void discriminator.call(this.#stacked(rows)));
    });
  }

  /** Pixel average precision on simulated defects of held-out normals. */
  async gauge(): Promise<Record<string, number>> {
    const indices = Array.from({ length: GAUGE_ITEMS }, (_, i) => i);
    const maps = await this.#logits(this.#data.gauge, indices);
    const scores = maps.flatMap(({ data }) => [...data]);
    const labels = indices.flatMap((index) => [...this.#data.gauge.item(index).mask.data]);
    return labels.includes(1) ? { pixelAp: averagePrecision(scores, labels) } : {};
  }

  async preview(): Promise<Image[][]> {
    const indices = Array.from({ length: PREVIEWS }, (_, i) => i);
    const maps = await this.#logits(this.#data.gauge, indices);
    return indices.map((index, i) => {
      const { image, mask } = this.#data.gauge.item(index);
      return [image, probabilityOf(maps[i] as Image), imageOf(mask)];
    });
  }

  async #logits(simulator: Simulator, indices: readonly number[]): Promise<Image[]> {
    const rows = await this.#gaugeTuples.fetch({ simulator }, indices, this.#noise(0));
    const { discriminator } = this.#model;
    const maps: Image[] = [];
    discriminator.eval();
    for (const group of chunks(rows, this.batch)) {
      using logit = scope(() => anomalyLogit(discriminator.call(this.#stacked(group))));
      maps.push(...(await unstackImages(logit)));
    }
    discriminator.train();
    return maps;
  }

  finish(): void {
    this.#model.discriminator.eval();
    this.#learner.optimizer.dispose();
  }
}
