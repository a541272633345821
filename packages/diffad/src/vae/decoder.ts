import { Conv2d, GroupNorm, Module, ResnetBlock, UpsampleConv } from '@diffad/nn';
import type { Rng, Tensor } from '@diffad/tensor-core';
import type { AutoencoderConfig } from './config.ts';
import { Middle } from './middle.ts';

/** One resolution: residual blocks, then, but for the first, doubling. */
interface Level {
  readonly block: readonly ResnetBlock[];
  readonly upsample?: UpsampleConv;
}

/** [B, h, w, latentChannels] -> [B, f·h, f·w, 3]. Levels are stored from fine to coarse and run from coarse to fine. Spec 1.2. */
export class Decoder extends Module {
  readonly convIn: Conv2d;
  readonly mid: Middle;
  readonly up: readonly Level[];
  readonly normOut: GroupNorm;
  readonly convOut: Conv2d;

  constructor(config: AutoencoderConfig, rng: Rng) {
    super();
    const { channels, multipliers, blocks, latentChannels, groups, dropout } = config;
    const options = { groups, eps: 1e-6, dropout, rng };
    const widths = multipliers.map((multiplier) => channels * multiplier);
    const top = widths.at(-1) as number;
    this.convIn = new Conv2d(latentChannels, top, 3, { padding: 1, rng });
    this.mid = new Middle(top, config.attention, options);
    this.up = widths.map((width, level) => {
      const inputs = widths[level + 1] ?? top;
      const block = Array.from(
        { length: blocks + 1 },
        (_, i) => new ResnetBlock(i === 0 ? inputs : width, width, options),
      );
      return level > 0 ? { block, upsample: new UpsampleConv(width, rng) } : { block };
    });
    this.normOut = new GroupNorm(groups, widths[0] as number, { eps: 1e-6, activation: 'silu' });
    this.convOut = new Conv2d(widths[0] as number, 3, 3, { padding: 1, rng });
  }

  protected forward(z: Tensor): Tensor {
    let h = this.mid.call(this.convIn.call(z));
    for (const { block, upsample } of this.up.toReversed()) {
      for (const layer of block) h = layer.call(h);
      h = upsample?.call(h) ?? h;
    }
    return this.convOut.call(this.normOut.call(h));
  }
}
