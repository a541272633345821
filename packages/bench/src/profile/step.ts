import { autoencoderLoss, createMask, DiffAD, type DiffADConfig, markingLoss } from '@diffad/diffad';
import { Adam, AdamW, clipGradNorm, mse, type Named, type Optimizer } from '@diffad/nn';
import { Rng, randn, scope, type Tensor, uniform, valueAndGrad, within } from '@diffad/tensor-core';

export const models = ['vae', 'unet', 'discriminator'] as const;
export type ModelName = (typeof models)[number];
export type StepKind = 'forward' | 'train';

/** One network at one step, with random pictures. */
export interface Step {
  readonly batch: number;
  /** Records the whole step; waits for nothing and keeps nothing. */
  record(): void;
  dispose(): void;
}

/** A network with what it is run on and how it is trained. */
interface Task {
  readonly parameters: Named;
  readonly inputs: readonly Tensor[];
  readonly forward: () => Tensor;
  readonly loss: () => Tensor;
  readonly optimizer: () => Optimizer;
  readonly clip: number | null;
}

/** `batch` 0 takes that of the network's training stage. */
export function makeStep(config: DiffADConfig, name: ModelName, kind: StepKind, batch: number): Step {
  const { vae, diffusion, segment } = config.training;
  const pictures = batch || { vae: vae.batch, unet: diffusion.batch, discriminator: segment.batch }[name];
  const model = DiffAD.create(config);
  const task = { vae: autoencoderTask, unet: unetTask, discriminator: discriminatorTask }[name](model, pictures);
  const optimizer = kind === 'train' ? task.optimizer() : undefined;
  return {
    batch: pictures,
    record: () => scope(() => (optimizer ? train(task, optimizer) : void task.forward())),
    dispose() {
      optimizer?.dispose();
      for (const input of task.inputs) input.dispose();
      model.dispose();
    },
  };
}

function train({ parameters, loss, clip }: Task, optimizer: Optimizer): void {
  const { grads } = valueAndGrad(parameters, loss);
  const clipped = clip === null ? grads : within('clip', () => clipGradNorm(grads, clip));
  within(optimizer.constructor.name, () => optimizer.step(clipped));
}

function autoencoderTask({ autoencoder, config, latentShape }: DiffAD, batch: number): Task {
  const { vae } = config.training;
  const rng = new Rng(1);
  const parameters = autoencoder.namedParameters();
  const x = uniform([batch, config.size, config.size, 3], rng);
  const noise = randn([batch, ...latentShape], rng);
  return {
    parameters,
    inputs: [x, noise],
    forward: () => autoencoder.decode(autoencoder.encode(x).mean),
    loss: () => autoencoderLoss(autoencoder, x, noise, vae.weights),
    optimizer: () => new Adam(parameters, vae),
    clip: vae.clip,
  };
}

function unetTask({ unet, config, latentShape: [side, , channels] }: DiffAD, batch: number): Task {
  const rng = new Rng(1);
  const parameters = unet.namedParameters();
  const inputs = config.diffusion.condition === 'none' ? channels : 2 * channels;
  const x = randn([batch, side, side, inputs], rng);
  const expected = randn([batch, side, side, channels], rng);
  const weights = config.training.diffusion.defectWeight > 0 ? uniform([batch, side, side, 1], rng) : undefined;
  const times = Array.from({ length: batch }, () => rng.int(0, config.diffusion.steps));
  const forward = (): Tensor => unet.call(x, times);
  return {
    parameters,
    inputs: [x, expected, ...(weights ? [weights] : [])],
    forward,
    loss: () => {
      const y = forward();
      return within('loss', () => mse(y, expected, weights));
    },
    optimizer: () => new AdamW(parameters, config.training.diffusion),
    clip: null,
  };
}

function discriminatorTask({ discriminator, config }: DiffAD, batch: number): Task {
  const rng = new Rng(1);
  const parameters = discriminator.namedParameters();
  const { size, sampling } = config;
  const x = uniform([batch, size, size, sampling.interpolation === null ? 6 : 9], rng);
  const masks = Array.from({ length: batch }, () => createMask(size, size));
  const forward = (): Tensor => discriminator.call(x);
  return {
    parameters,
    inputs: [x],
    forward,
    loss: () => {
      const y = forward();
      return within('loss', () => markingLoss(config, y, masks));
    },
    optimizer: () => new Adam(parameters, config.training.segment),
    clip: null,
  };
}
