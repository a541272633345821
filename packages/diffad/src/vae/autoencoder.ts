import { Module, Pointwise } from '@diffad/nn';
import { add, clamp, exp, mul, type Rng, scope, split, type Tensor } from '@diffad/tensor-core';
import type { AutoencoderConfig } from './config.ts';
import { Decoder } from './decoder.ts';
import { Encoder } from './encoder.ts';

/** A diagonal Gaussian over latents: both [B, h, w, latentChannels]. */
export interface Posterior {
  readonly mean: Tensor;
  /** Within [−30, 20]. */
  readonly logVariance: Tensor;
}

/** The KL autoencoder: pictures [B, H, W, 3] in [0, 1] <-> latents [B, H / f, W / f, latentChannels]. Spec 1.2. */
export class Autoencoder extends Module<[x: Tensor], Posterior> {
  readonly encoder: Encoder;
  readonly decoder: Decoder;
  readonly quantConv: Pointwise;
  readonly postQuantConv: Pointwise;
  readonly #latentChannels: number;

  constructor(config: AutoencoderConfig, rng: Rng) {
    super();
    const { latentChannels, initialLogVariance = 0 } = config;
    this.encoder = new Encoder(config, rng);
    this.decoder = new Decoder(config, rng);
    this.quantConv = new Pointwise(2 * latentChannels, 2 * latentChannels, { rng });
    startAt(this.quantConv, latentChannels, initialLogVariance);
    this.postQuantConv = new Pointwise(latentChannels, latentChannels, { rng });
    this.#latentChannels = latentChannels;
  }

  protected forward(x: Tensor): Posterior {
    const moments = this.quantConv.call(this.encoder.call(x)); // [B, h, w, 2·latentChannels]
    const [mean, logVariance] = split(moments, [this.#latentChannels, this.#latentChannels], 3) as [Tensor, Tensor];
    return { mean, logVariance: clamp(logVariance, -30, 20) };
  }

  encode(x: Tensor): Posterior {
    return this.call(x);
  }

  /** Latents [B, h, w, latentChannels] -> pictures [B, H, W, 3], not clamped. */
  decode(z: Tensor): Tensor {
    return scope(() => this.decoder.call(this.postQuantConv.call(z)));
  }
}

/** The bias of the log-variances, the second half of the moments. */
function startAt({ bias }: Pointwise, latentChannels: number, logVariance: number): void {
  if (logVariance !== 0)
    bias.assign(Float32Array.from({ length: 2 * latentChannels }, (_, i) => (i < latentChannels ? 0 : logVariance)));
}

/** mean + exp(logVariance / 2) · noise: a draw from the posterior, given standard normals of its shape. */
export const sample = ({ mean, logVariance }: Posterior, noise: Tensor): Tensor =>
  scope(() => add(mean, mul(exp(mul(logVariance, 0.5)), noise)));
