import { Conv2d, DownsampleAsymmetric, GroupNorm, Module, ResnetBlock } from '@diffad/nn';
import type { Rng, Tensor } from '@diffad/tensor-core';
import type { AutoencoderConfig } from './config.ts';
import { Middle } from './middle.ts';

/** One resolution: residual blocks, then, but for the last, halving. */
interface Level {
  readonly block: readonly ResnetBlock[];
  readonly downsample?: DownsampleAsymmetric;
}

/** [B, H, W, 3] -> [B, H / f, W / f, 2·latentChannels], f = 2^(levels − 1). Spec 1.2. */
export class Encoder extends Module {
  readonly convIn: Conv2d;
  readonly down: readonly Level[];
  readonly mid: Middle;
  readonly normOut: GroupNorm;
  readonly convOut: Conv2d;

  constructor(config: AutoencoderConfig, rng: Rng) {
    super();
    const { channels, multipliers, blocks, latentChannels, groups, dropout } = config;
    const options = { groups, eps: 1e-6, dropout, rng };
    const widths = multipliers.map((multiplier) => channels * multiplier);
    const last = widths.length - 1;
    this.convIn = new Conv2d(3, channels, 3, { padding: 1, rng });
    this.down = widths.map((width, level) => {
      const inputs = widths[level - 1] ?? channels;
      const block = Array.from({ length: blocks }, (_, i) => new ResnetBlock(i === 0 ? inputs : width, width, options));
      return level < last ? { block, downsample: new DownsampleAsymmetric(width, rng) } : { block };
    });
    const width = widths[last] as number;
    this.mid = new Middle(width, config.attention, options);
    this.normOut = new GroupNorm(groups, width, { eps: 1e-6, activation: 'silu' });
    this.convOut = new Conv2d(width, 2 * latentChannels, 3, { padding: 1, rng });
  }

  protected forward(x: Tensor): Tensor {
    let h = this.convIn.call(x);
    for (const { block, downsample } of this.down) {
      for (const layer of block) h = layer.call(h);
      h = downsample?.call(h) ?? h;
    }
    return this.convOut.call(this.normOut.call(this.mid.call(h)));
  }
}
