import {
  AttentionBlock,
  Conv2d,
  Downsample,
  GroupNorm,
  Linear,
  Module,
  ResidualBlock,
  timestepEmbedding,
  UpsampleConv,
  zeroed,
} from '@diffad/nn';
import { concat, type Rng, silu, type Tensor } from '@diffad/tensor-core';
import type { UNetConfig } from './config.ts';

type Layer = Conv2d | ResidualBlock | AttentionBlock | Downsample | UpsampleConv;

const run = (layers: readonly Layer[], x: Tensor, embedding: Tensor): Tensor =>
  layers.reduce((h, layer) => (layer instanceof ResidualBlock ? layer.call(h, embedding) : layer.call(h)), x);

/** Predicts noise (or velocity) from noisy latents: x [B, h, w, inChannels] and times [B] in [0, T) -> [B, h, w, outChannels]. Spec 1.4. */
export class UNet extends Module<[x: Tensor, times: ArrayLike<number>]> {
  readonly timeEmbed: { readonly 0: Linear; readonly 2: Linear };
  readonly inputBlocks: readonly (readonly Layer[])[];
  readonly middleBlock: readonly Layer[];
  readonly outputBlocks: readonly (readonly Layer[])[];
  readonly out: { readonly 0: GroupNorm; readonly 2: Conv2d };
  readonly #channels: number;

  constructor(inChannels: number, outChannels: number, config: UNetConfig, rng: Rng) {
    super();
    const { channels, multipliers, blocks, attentionAt, headChannels, groups, dropout } = config;
    const embedding = 4 * channels;
    const options = { groups, eps: 1e-5, dropout, rng, embedding };
    const stage = (level: number, inputs: number): Layer[] => {
      const width = channels * (multipliers[level] as number);
      const residual = new ResidualBlock(inputs, width, options);
      return attentionAt.includes(2 ** level)
        ? [residual, new AttentionBlock(width, headChannels, options)]
        : [residual];
    };
    this.#channels = channels;
    this.timeEmbed = { 0: new Linear(channels, embedding, { rng }), 2: new Linear(embedding, embedding, { rng }) };

    const inputBlocks: Layer[][] = [[new Conv2d(inChannels, channels, 3, { padding: 1, rng })]];
    const skips = [channels];
    let width = channels;
    multipliers.forEach((multiplier, level) => {
      for (let i = 0; i < blocks; i++) {
        inputBlocks.push(stage(level, width));
        width = channels * multiplier;
        skips.push(width);
      }
      if (level === multipliers.length - 1) return;
      inputBlocks.push([new Downsample(width, rng)]);
      skips.push(width);
    });

    const residual = (): ResidualBlock => new ResidualBlock(width, width, options);
    this.inputBlocks = inputBlocks;
    this.middleBlock = [residual(), new AttentionBlock(width, headChannels, options), residual()];

    const outputBlocks: Layer[][] = [];
    for (let level = multipliers.length - 1; level >= 0; level--)
      for (let i = 0; i <= blocks; i++) {
        const layers = stage(level, width + (skips.pop() as number));
        width = channels * (multipliers[level] as number);
        if (level > 0 && i === blocks) layers.push(new UpsampleConv(width, rng));
        outputBlocks.push(layers);
      }
    this.outputBlocks = outputBlocks;
    this.out = {
      0: new GroupNorm(groups, width, { eps: 1e-5, activation: 'silu' }),
      2: zeroed(new Conv2d(width, outChannels, 3, { padding: 1, rng })),
    };
  }

  protected forward(x: Tensor, times: ArrayLike<number>): Tensor {
    const embedding = this.timeEmbed[2].call(silu(this.timeEmbed[0].call(timestepEmbedding(times, this.#channels))));
    const skips: Tensor[] = [];
    let h = x;
    for (const layers of this.inputBlocks) {
      h = run(layers, h, embedding);
      skips.push(h);
    }
    h = run(this.middleBlock, h, embedding);
    for (const layers of this.outputBlocks) h = run(layers, concat([h, skips.pop() as Tensor], 3), embedding);
    return this.out[2].call(this.out[0].call(h)); // [B, h, w, outChannels]
  }
}
