import type { Source } from '@diffad/nn';
import { abs, add, concat, max, minimum, mul, Rng, randn, scope, split, sub, type Tensor } from '@diffad/tensor-core';
import type { DiffADConfig } from './config/schema.ts';
import { timestepsOf } from './config/timesteps-of.ts';
import { qSample } from './diffusion/q-sample.ts';
import { ddim } from './diffusion/samplers/ddim.ts';
import { type DiffusionSchedule, diffusionSchedule } from './diffusion/schedule.ts';
import type { Golden } from './golden.ts';
import type { Mask } from './image/image.ts';
import type { Calibration } from './metrics/calibrate.ts';
import { fillModel, type Networks, openModel } from './model-file.ts';
import { anomalyLogit, Discriminator } from './segment/discriminator.ts';
import { UNet } from './unet/unet.ts';
import { Autoencoder } from './vae/autoencoder.ts';
import { downsampling } from './vae/config.ts';

/** What the method makes of pictures [B, H, W, 3]. */
export interface Redrawn {
  /** x_r, the pictures redrawn as if they were normal [B, H, W, 3]. */
  readonly reconstruction: Tensor;
  /** x_inter, decoded half way between picture and reconstruction [B, H, W, 3]; null in variants without it. */
  readonly interpolation: Tensor | null;
}

/** And what the discriminator makes of both. */
export interface Marked extends Redrawn {
  /** Anomaly logit per pixel [B, H, W, 1]. */
  readonly logit: Tensor;
}

/** The three networks and the method that joins them. Paper section 3, spec 1.8. */
export class DiffAD {
  readonly config: DiffADConfig;
  readonly autoencoder: Autoencoder;
  readonly unet: UNet;
  readonly discriminator: Discriminator;
  readonly schedule: DiffusionSchedule;
  readonly #dropout: Rng;
  /** Latents are multiplied by this, 1 / their deviation. Set by the second stage of training. */
  latentScale = 1;
  /** |x − x_r|, the largest of the channels, that one pixel in a hundred of held-out normals exceeds; null before it is measured: then logits are the discriminator's alone. */
  usualDifference: number | null = null;
  /** Median logit of held-out normals, which inspection levels others by; null before it is measured: then logits are not levelled. */
  usualLevel: number | null = null;
  /** What is judged of a picture, 1 in [H, W] of its aspect ratio; null, all of it. Set before the model is calibrated. */
  region: Mask | null = null;
  /** How the threshold was chosen; null before. */
  calibration: Calibration | null = null;
  /** A picture with the score it must get; null before the model is trained. */
  golden: Golden | null = null;

  private constructor(config: DiffADConfig, rng: Rng) {
    const { latentChannels } = config.autoencoder;
    const conditioned = config.diffusion.condition !== 'none';
    this.config = config;
    this.schedule = diffusionSchedule(config.diffusion);
    this.#dropout = rng; // every layer draws its weights from it, and while training what it drops
    this.autoencoder = new Autoencoder(config.autoencoder, rng);
    this.unet = new UNet(latentChannels * (conditioned ? 2 : 1), latentChannels, config.unet, rng);
    this.discriminator = new Discriminator(config.sampling.interpolation === null ? 6 : 9, config.discriminator, rng);
  }

  /** Untrained networks; the same seed gives the same weights. */
  static create(config: DiffADConfig, seed = 0): DiffAD {
    return scope(() => new DiffAD(config, new Rng(seed).fork(1)));
  }

  /** A trained model: a run folder or a path (Node only), bytes, or anything that reads in parts. */
  static async load(run: string | Uint8Array | Source): Promise<DiffAD> {
    const opened = await openModel(run);
    const { config } = opened.manifest;
    if (config.method !== 'diffad')
      throw new RangeError(`DiffAD.load: the model was trained with method ${config.method}; use loadModel`);
    return fillModel(DiffAD.create(config), opened);
  }

  get networks(): Networks['networks'] {
    return [
      ['vae.', this.autoencoder],
      ['unet.', this.unet],
      ['seg.', this.discriminator],
    ];
  }

  /** Turns dropout off and batch norm to its running moments, for inspection. */
  eval(): this {
    for (const [, network] of this.networks) network.eval();
    return this;
  }

  /** Sets where the random numbers of dropout begin, so that a step of training depends on its number alone. */
  seekDropout(step: number): void {
    this.#dropout.seek((step + 1) * 2 ** 34);
  }

  /** Extents of the latent of one picture: [h, w, latentChannels]. */
  get latentShape(): readonly [number, number, number] {
    const side = this.config.size / downsampling(this.config.autoencoder);
    return [side, side, this.config.autoencoder.latentChannels];
  }

  /** Pictures [B, H, W, 3] -> scaled latents [B, h, w, C]: the mean of the posterior. */
  encode(x: Tensor): Tensor {
    return scope(() => mul(this.autoencoder.encode(x).mean, this.latentScale));
  }

  /** Scaled latents [B, h, w, C] -> pictures [B, H, W, 3]. */
  decode(z: Tensor): Tensor {
    return scope(() => this.autoencoder.decode(mul(z, 1 / this.latentScale)));
  }

  /** Redraws latents c [B, h, w, C] as if they were normal, from standard normals of their shape. `onStep` sees each step. Paper eq. 5. */
  sample(
    c: Tensor,
    noise: Tensor,
    steps: number = this.config.sampling.steps,
    onStep: (latents: Tensor) => void = () => undefined,
  ): Tensor {
    const { diffusion, sampling } = this.config;
    const pictures = c.shape[0] as number;
    const visited = timestepsOf(this.config, steps);
    const highest = visited.at(-1) as number;
    return scope(() =>
      ddim({
        schedule: this.schedule,
        prediction: diffusion.prediction,
        noise: sampling.start === 'noise' ? noise : qSample(this.schedule, c, repeat(highest, pictures), noise),
        steps: visited,
        onStep: ({ latents }) => onStep(latents),
        denoise: (z, t) => this.unet.call(diffusion.condition === 'none' ? z : concat([z, c], 3), repeat(t, pictures)),
      }),
    );
  }

  /** Reconstruction and interpolation of pictures with latents c. Paper eq. 6 and 7. */
  redraw(c: Tensor, noise: Tensor, steps?: number): Redrawn {
    return scope(() => this.reveal(c, this.sample(c, noise, steps)));
  }

  /** The pictures of latents c [B, h, w, C] redrawn as `redrawn`, and of what lies between; both are decoded in one batch. */
  reveal(c: Tensor, redrawn: Tensor): Redrawn {
    const lambda = this.config.sampling.interpolation;
    return scope(() => {
      if (lambda === null) return { reconstruction: this.decode(redrawn), interpolation: null };
      const between = add(mul(c, lambda), mul(redrawn, 1 - lambda));
      const pictures = c.shape[0] as number;
      const [reconstruction, interpolation] = split(
        this.decode(concat([redrawn, between], 0)),
        [pictures, pictures],
        0,
      );
      return { reconstruction: reconstruction as Tensor, interpolation: interpolation as Tensor };
    });
  }

  /** What the discriminator compares: reconstruction, interpolation and picture, in this order [B, H, W, 6 or 9]. */
  stack(x: Tensor, { reconstruction, interpolation }: Redrawn): Tensor {
    return concat(interpolation ? [reconstruction, interpolation, x] : [reconstruction, x], 3);
  }

  /**
   * The whole method: pictures [B, H, W, 3] -> anomaly logit per pixel [B, H, W, 1], positive where a defect is likelier than not.
   * Every one of `noises` [B, h, w, C] gives a redrawing; a pixel keeps its lowest logit, because a defect is one against all of
   * them. The first redrawing is returned. Throws RangeError without a noise.
   */
  detect(x: Tensor, noises: readonly Tensor[], steps?: number): Marked {
    if (noises.length === 0) throw new RangeError('DiffAD.detect: needs the noise of at least one redrawing, got none');
    return scope(() => {
      const c = this.encode(x);
      const marked = noises.map((noise): Marked => {
        const redrawn = this.redraw(c, noise, steps);
        return { ...redrawn, logit: this.mark(x, redrawn) };
      });
      const logit = marked.map((one) => one.logit).reduce(minimum);
      return { ...(marked[0] as Marked), logit };
    });
  }

  /** The control: `detect` with the autoencoder's copy D(c) for reconstruction and interpolation. What is still found owes nothing to the UNet. */
  detectCopied(x: Tensor): Marked {
    return scope(() => {
      const copy = this.decode(this.encode(x));
      const interpolated = this.config.sampling.interpolation !== null; // between c and c lies c
      const logit = this.mark(x, { reconstruction: copy, interpolation: interpolated ? copy : null });
      return { reconstruction: copy, interpolation: null, logit };
    });
  }

  /**
   * The anomaly logit per pixel [B, H, W, 1] of pictures x [B, H, W, 3] beside their redrawing: the discriminator's, to which
   * `sampling.differenceWeight` times the difference in units of the usual one is added.
   */
  mark(x: Tensor, redrawn: Redrawn): Tensor {
    const { differenceWeight } = this.config.sampling;
    return scope(() => {
      const logit = anomalyLogit(this.discriminator.call(this.stack(x, redrawn)));
      if (this.usualDifference === null || differenceWeight === 0) return logit;
      const difference = max(abs(sub(x, redrawn.reconstruction)), { axes: [3], keepDims: true });
      return add(logit, mul(difference, differenceWeight / this.usualDifference));
    });
  }

  /** The start noises of so many redrawings: the same for every picture, so that a score depends on the picture alone. */
  inspectionNoises(pictures: number, redrawings: number, seed = 0): Tensor[] {
    const rng = new Rng(seed).fork(2);
    return Array.from({ length: redrawings }, () =>
      scope(() => concat(repeat(randn([1, ...this.latentShape], rng), pictures), 0)),
    );
  }

  /** The first of them. */
  inspectionNoise(pictures: number): Tensor {
    return this.inspectionNoises(pictures, 1)[0] as Tensor;
  }

  dispose(): void {
    for (const [, network] of this.networks) network.dispose();
  }
}

const repeat = <T>(value: T, count: number): T[] => Array.from({ length: count }, () => value);
