import { Adam, type LoadedFile } from '@diffad/nn';
import { type Rng, randn, scope, type Tensor } from '@diffad/tensor-core';
import type { DiffADConfig } from '../config/schema.ts';
import type { Image } from '../image/image.ts';
import { psnr } from '../metrics/psnr.ts';
import type { Autoencoder } from '../vae/autoencoder.ts';
import { downsampling } from '../vae/config.ts';
import { autoencoderLoss } from './autoencoder-loss.ts';
import { chunks, stackImages, unstackImages } from './batch.ts';
import { drawItems, type TrainingData } from './draw.ts';
import { Learner, rateOf } from './learner.ts';
import type { Stage, StageState } from './stage.ts';
import { restore, stateOf } from './stage-state.ts';

const PREVIEWS = 4;

/** Stage 1: the autoencoder learns to copy normal pictures through its latent, and, where `simulatedShare` says so, spoiled ones. Spec 1.2. */
export class AutoencoderStage implements Stage {
  readonly name = 'vae';
  readonly steps: number;
  readonly batch: number;
  readonly #autoencoder: Autoencoder;
  readonly #config: DiffADConfig;
  readonly #data: TrainingData;
  readonly #rng: Rng;
  readonly #learner: Learner;

  constructor(autoencoder: Autoencoder, config: DiffADConfig, data: TrainingData, rng: Rng) {
    const { vae } = config.training;
    this.steps = vae.steps;
    this.batch = vae.batch;
    this.#autoencoder = autoencoder.train();
    this.#config = config;
    this.#data = data;
    this.#rng = rng;
    const parameters = autoencoder.namedParameters();
    const optimizer = new Adam(parameters, { learningRate: vae.learningRate, betas: vae.betas });
    this.#learner = new Learner(parameters, optimizer, rateOf(vae), vae.clip);
  }

  async prepare(): Promise<void> {}

  items(step: number): number[] {
    return drawItems(this.#data, step, this.batch, this.#rng.fork(step));
  }

  step(step: number): Promise<Tensor> {
    const rng = this.#rng.fork(step);
    const spoiled = Math.round(this.batch * this.#config.training.vae.simulatedShare);
    const pictures = drawItems(this.#data, step, this.batch, rng).map((index, i) => {
      const { normal, image } = this.#data.simulator.item(index);
      return i < spoiled ? image : normal;
    });
    return Promise.resolve(
      scope(() => {
        const x = stackImages(pictures);
        return this.#learner.step(step, () => this.#loss(x, rng));
      }),
    );
  }

  #loss(x: Tensor, rng: Rng): Tensor {
    const { autoencoder, size, training } = this.#config;
    const side = size / downsampling(autoencoder);
    const noise = randn([this.batch, side, side, autoencoder.latentChannels], rng);
    return autoencoderLoss(this.#autoencoder, x, noise, training.vae.weights);
  }

  state(): StageState {
    return stateOf(this.#learner.optimizer);
  }

  load(file: Pick<LoadedFile, 'tensors'>, counts: Readonly<Record<string, number>>): void {
    restore(file, counts, this.#learner.optimizer);
  }

  async gauge(): Promise<Record<string, number>> {
    const copies = await this.#copies(this.#data.heldOut);
    return { psnr: psnr(copies, this.#data.heldOut) };
  }

  async preview(): Promise<Image[][]> {
    const pictures = this.#data.heldOut.slice(0, PREVIEWS);
    const copies = await this.#copies(pictures);
    return pictures.map((picture, i) => [picture, copies[i] as Image]);
  }

  async #copies(pictures: readonly Image[]): Promise<Image[]> {
    this.#autoencoder.eval();
    const copies: Image[] = [];
    for (const group of chunks(pictures, this.batch)) {
      using y = scope(() => this.#autoencoder.decode(this.#autoencoder.encode(stackImages(group)).mean));
      copies.push(...(await unstackImages(y)));
    }
    this.#autoencoder.train();
    return copies;
  }

  finish(): void {
    this.#autoencoder.eval();
    this.#learner.optimizer.dispose();
  }
}
