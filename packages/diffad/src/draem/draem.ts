import { concat, Rng, scope, type Tensor } from '@diffad/tensor-core';
import type { DiffADConfig } from '../config/schema.ts';
import type { Golden } from '../golden.ts';
import type { Mask } from '../image/image.ts';
import type { Calibration } from '../metrics/calibrate.ts';
import type { Networks } from '../model-file.ts';
import { anomalyLogit, Discriminator } from '../segment/discriminator.ts';
import { DraemAutoencoder } from './draem-autoencoder.ts';

/** The baseline: an autoencoder that restores, and the same discriminator on picture and restoration. Zavrtanik et al. 2021. */
export class Draem {
  readonly config: DiffADConfig;
  readonly autoencoder: DraemAutoencoder;
  readonly discriminator: Discriminator;
  /** See {@link DiffAD.usualLevel}. */
  usualLevel: number | null = null;
  /** See {@link DiffAD.region}. */
  region: Mask | null = null;
  /** How the threshold was chosen; null before. */
  calibration: Calibration | null = null;
  /** A picture with the score it must get; null before the model is trained. */
  golden: Golden | null = null;

  private constructor(config: DiffADConfig, rng: Rng) {
    this.config = config;
    this.autoencoder = new DraemAutoencoder(config.draem.width, rng, config.discriminator.initialisation);
    this.discriminator = new Discriminator(6, config.discriminator, rng);
  }

  /** Untrained networks; the same seed gives the same weights. */
  static create(config: DiffADConfig, seed = 0): Draem {
    return scope(() => new Draem(config, new Rng(seed).fork(1)));
  }

  /** Logits [B, H, W, 2] for the pictures and their restoration. */
  segment(x: Tensor, reconstruction: Tensor): Tensor {
    return this.discriminator.call(concat([reconstruction, x], 3));
  }

  /** Pictures [B, H, W, 3] -> anomaly logit per pixel [B, H, W, 1]. */
  detect(x: Tensor): { readonly reconstruction: Tensor; readonly interpolation: null; readonly logit: Tensor } {
    return scope(() => {
      const reconstruction = this.autoencoder.call(x);
      return { reconstruction, interpolation: null, logit: anomalyLogit(this.segment(x, reconstruction)) };
    });
  }

  get networks(): Networks['networks'] {
    return [
      ['rec.', this.autoencoder],
      ['seg.', this.discriminator],
    ];
  }

  eval(): this {
    for (const [, network] of this.networks) network.eval();
    return this;
  }

  dispose(): void {
    for (const [, network] of this.networks) network.dispose();
  }
}
