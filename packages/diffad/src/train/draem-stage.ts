import { Adam, type LoadedFile, mse, ssim, updateBatchNorm } from '@diffad/nn';
import { add, type Rng, scope, sub, type Tensor } from '@diffad/tensor-core';
import type { Draem } from '../draem/draem.ts';
import type { Image } from '../image/image.ts';
import { psnr } from '../metrics/psnr.ts';
import { chunks, stackImages, unstackImages } from './batch.ts';
import { drawItems, type TrainingData } from './draw.ts';
import { Learner, rateOf } from './learner.ts';
import { markingLoss } from './marking-loss.ts';
import type { Stage, StageState } from './stage.ts';
import { restore, stateOf } from './stage-state.ts';

const PREVIEWS = 4;
const SETTLE_BATCHES = 16;

/** The baseline's only stage: restoration (L2 + SSIM) and marking (focal) are learned together. Spec 3.3. */
export class DraemStage implements Stage {
  readonly name = 'draem';
  readonly steps: number;
  readonly batch: number;
  readonly #model: Draem;
  readonly #data: TrainingData;
  readonly #rng: Rng;
  readonly #learner: Learner;

  constructor(model: Draem, data: TrainingData, rng: Rng) {
    const config = model.config.draem;
    this.steps = config.steps;
    this.batch = config.batch;
    this.#model = model;
    this.#data = data;
    this.#rng = rng;
    const named = (prefix: string, parameters: Record<string, Tensor>): Record<string, Tensor> =>
      Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [prefix + name, tensor]));
    const parameters = {
      ...named('rec.', model.autoencoder.train().namedParameters()),
      ...named('seg.', model.discriminator.train().namedParameters()),
    };
    this.#learner = new Learner(parameters, new Adam(parameters, config), rateOf(config));
  }

  async prepare(): Promise<void> {}

  items(step: number): number[] {
    return drawItems(this.#data, step, this.batch, this.#rng.fork(step));
  }

  step(step: number): Promise<Tensor> {
    const drawn = this.items(step).map((index) => this.#data.simulator.item(index));
    return Promise.resolve(
      scope(() => {
        const normal = stackImages(drawn.map((item) => item.normal));
        const spoiled = stackImages(drawn.map((item) => item.image));
        const masks = drawn.map((item) => item.mask);
        return this.#learner.step(step, () => {
          const restored = this.#model.autoencoder.call(spoiled);
          const restoration = add(mse(restored, normal), sub(1, ssim(restored, normal)));
          return add(restoration, markingLoss(this.#model.config, this.#model.segment(spoiled, restored), masks));
        });
      }),
    );
  }

  state(): StageState {
    return stateOf(this.#learner.optimizer);
  }

  load(file: Pick<LoadedFile, 'tensors'>, counts: Readonly<Record<string, number>>): void {
    restore(file, counts, this.#learner.optimizer);
  }

  async settle(): Promise<void> {
    const { autoencoder, discriminator } = this.#model;
    const drawn = (batch: number): Tensor => {
      const indices = drawItems(this.#data, batch, this.batch, this.#rng.fork(2 ** 41 + batch));
      return stackImages(indices.map((index) => this.#data.simulator.item(index).image));
    };
    await updateBatchNorm(autoencoder, SETTLE_BATCHES, (batch) => scope(() => void autoencoder.call(drawn(batch))));
    autoencoder.eval();
    await updateBatchNorm(discriminator, SETTLE_BATCHES, (batch) =>
      scope(() => {
        const spoiled = drawn(batch);
        this.#model.segment(spoiled, autoencoder.call(spoiled));
      }),
    );
    autoencoder.train();
  }

  async gauge(): Promise<Record<string, number>> {
    const pictures = this.#data.heldOut;
    return { psnr: psnr(await this.#restored(pictures), pictures) };
  }

  async preview(): Promise<Image[][]> {
    const items = Array.from({ length: PREVIEWS }, (_, i) => this.#data.gauge.item(i));
    const restored = await this.#restored(items.map(({ image }) => image));
    return items.map(({ normal, image }, i) => [image, restored[i] as Image, normal]);
  }

  async #restored(pictures: readonly Image[]): Promise<Image[]> {
    const { autoencoder } = this.#model;
    const restored: Image[] = [];
    autoencoder.eval();
    for (const group of chunks(pictures, this.batch)) {
      using y = scope(() => autoencoder.call(stackImages(group)));
      restored.push(...(await unstackImages(y)));
    }
    autoencoder.train();
    return restored;
  }

  finish(): void {
    this.#model.autoencoder.eval();
    this.#model.discriminator.eval();
    this.#learner.optimizer.dispose();
  }
}
