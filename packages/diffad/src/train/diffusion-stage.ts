import { AdamW, Ema, type LoadedFile } from '@diffad/nn';
import { type Rng, scope, type Tensor } from '@diffad/tensor-core';
import type { DiffAD } from '../diffad.ts';
import { diffusionLoss } from '../diffusion/loss.ts';
import type { Image } from '../image/image.ts';
import { psnr } from '../metrics/psnr.ts';
import { chunks, stackImages, unstackImages } from './batch.ts';
import { defectWeights } from './defect-weights.ts';
import { drawItems, prefetchAhead, type TrainingData } from './draw.ts';
import { epsilonLossByBin } from './epsilon-loss.ts';
import { LatentCache } from './latents.ts';
import { Learner, rateOf } from './learner.ts';
import type { Stage, StageState } from './stage.ts';
import { restore, stateOf } from './stage-state.ts';

const PREVIEWS = 4;
const GAUGE_ITEMS = 8;
/** Items whose latents fix the scale: of a pool, which is encoded anyway, and without one. */
const SCALE_ITEMS = { pooled: 256, fresh: 64 };

/** Stage 2: the UNet learns to predict the noise in latents of normals, told what the spoiled picture looks like. Paper eq. 4, spec 1.6. */
export class DiffusionStage implements Stage {
  readonly name = 'diffusion';
  readonly steps: number;
  readonly batch: number;
  readonly #model: DiffAD;
  readonly #data: TrainingData;
  readonly #rng: Rng;
  readonly #learner: Learner;
  readonly #ema: Ema;
  readonly #latents: LatentCache;
  readonly #gaugeLatents: LatentCache;

  constructor(model: DiffAD, data: TrainingData, rng: Rng) {
    const config = model.config.training.diffusion;
    this.steps = config.steps;
    this.batch = config.batch;
    this.#model = model;
    this.#data = data;
    this.#rng = rng;
    const parameters = model.unet.train().namedParameters();
    const optimizer = new AdamW(parameters, config);
    this.#learner = new Learner(parameters, optimizer, rateOf(config));
    this.#ema = new Ema(parameters, config.emaDecay);
    this.#latents = new LatentCache(model, data);
    this.#gaugeLatents = new LatentCache(model, { simulator: data.gauge, pool: GAUGE_ITEMS });
  }

  async prepare(_from: number, report: (done: number, total: number) => void): Promise<void> {
    const { pool } = this.#data;
    const items = Array.from({ length: pool }, (_, i) => i);
    prefetchAhead(this.#data, items);
    await this.#latents.fetch(items, (done) => report(done, pool));
    if (this.#model.config.training.diffusion.scaleByStd)
      this.#model.latentScale =
        1 / (await this.#latents.deviation(pool > 0 ? Math.min(pool, SCALE_ITEMS.pooled) : SCALE_ITEMS.fresh));
  }

  items(step: number): number[] {
    return drawItems(this.#data, step, this.batch, this.#rng.fork(step));
  }

  async step(step: number): Promise<Tensor> {
    const rng = this.#rng.fork(step);
    const indices = drawItems(this.#data, step, this.batch, rng);
    const { latents, condition } = await this.#latents.batch(indices, rng);
    try {
      const loss = this.#learner.step(step, () => this.#loss(latents, condition, indices, rng));
      this.#ema.update();
      return loss;
    } finally {
      latents.dispose();
      condition.dispose();
    }
  }

  #loss(latents: Tensor, condition: Tensor, indices: readonly number[], rng: Rng): Tensor {
    const { condition: kind, conditionNoiseMax, lowest, prediction } = this.#model.config.diffusion;
    const { defectWeight } = this.#model.config.training.diffusion;
    return diffusionLoss({
      schedule: this.#model.schedule,
      prediction,
      network: (x, times) => this.#model.unet.call(x, times),
      latents,
      ...(kind !== 'none' && { condition }),
      conditionNoiseMax: kind === 'noisy' ? conditionNoiseMax : 0,
      lowest,
      ...(defectWeight > 0 && { weights: this.#weights(indices, defectWeight) }),
      rng,
    });
  }

  #weights(indices: readonly number[], defectWeight: number): Tensor {
    const masks = indices.map((index) => this.#data.simulator.item(index).mask);
    return defectWeights(masks, this.#model.latentShape[0], defectWeight);
  }

  state(): StageState {
    return stateOf(this.#learner.optimizer, this.#ema);
  }

  load(file: Pick<LoadedFile, 'tensors'>, counts: Readonly<Record<string, number>>): void {
    restore(file, counts, this.#learner.optimizer, this.#ema);
  }

  /** How well held-out normals are redrawn and simulated defects in them restored, and the loss on them by timestep, with the averaged weights. */
  async gauge(): Promise<Record<string, number>> {
    const pictures = this.#data.heldOut.slice(0, this.batch);
    const rng = this.#rng.fork(2 ** 40);
    const items = Array.from({ length: GAUGE_ITEMS }, (_, i) => i);
    const { latents, condition } = await this.#gaugeLatents.batch(items, rng);
    try {
      const losses = await this.#averaged(() => epsilonLossByBin(this.#model, latents, condition, rng));
      return { psnr: psnr(await this.#redrawn(pictures), pictures), ...(await this.#restored()), ...losses };
    } finally {
      latents.dispose();
      condition.dispose();
    }
  }

  /** PSNR inside simulated defects against what was there before; low where redrawings copy them. */
  async #restored(): Promise<Record<string, number>> {
    const items = Array.from({ length: this.batch }, (_, i) => this.#data.gauge.item(i));
    const redrawn = await this.#redrawn(items.map(({ image }) => image));
    const normals = items.map(({ normal }) => normal);
    const restored = psnr(redrawn, normals, (i, pixel) => items[i]?.mask.data[pixel] === 1);
    return Number.isNaN(restored) ? {} : { restoredPsnr: restored };
  }

  async preview(): Promise<Image[][]> {
    const items = Array.from({ length: PREVIEWS }, (_, i) => this.#data.gauge.item(i));
    const redrawn = await this.#redrawn(items.map(({ image }) => image));
    return items.map(({ normal, image }, i) => [image, redrawn[i] as Image, normal]);
  }

  async #redrawn(pictures: readonly Image[]): Promise<Image[]> {
    const model = this.#model;
    const redrawn: Image[] = [];
    await this.#averaged(async () => {
      for (const group of chunks(pictures, this.batch)) {
        using y = scope(() =>
          model.decode(model.sample(model.encode(stackImages(group)), model.inspectionNoise(group.length))),
        );
        redrawn.push(...(await unstackImages(y)));
      }
    });
    return redrawn;
  }

  /** Runs `work` with the averaged weights in place. */
  async #averaged<T>(work: () => Promise<T>): Promise<T> {
    const { unet } = this.#model;
    this.#ema.swap();
    unet.eval();
    try {
      return await work();
    } finally {
      unet.train();
      this.#ema.swap();
    }
  }

  /** From here on the UNet has its averaged weights. */
  finish(): void {
    this.#ema.swap();
    this.#model.unet.eval();
    this.#ema.dispose();
    this.#learner.optimizer.dispose();
  }
}
