import { BatchNorm2d, Conv2d, doubleConv, Module, Sequential, Upsample } from '@diffad/nn';
import { concat, maxPool2d, type Rng, scope, split, sub, type Tensor } from '@diffad/tensor-core';
import { type DiscriminatorConfig, discriminatorWidths } from './config.ts';
import { initialise } from './initialise.ts';

class Encoder extends Module<[x: Tensor], Tensor[]> {
  readonly [block: `block${number}`]: Sequential;
  readonly #blocks: readonly Sequential[];

  constructor(inChannels: number, widths: readonly number[], rng: Rng) {
    super();
    this.#blocks = widths.map((width, i) => doubleConv(widths[i - 1] ?? inChannels, width, rng));
    Object.assign(this, Object.fromEntries(this.#blocks.map((block, i) => [`block${i + 1}`, block])));
  }

  protected forward(x: Tensor): Tensor[] {
    const features: Tensor[] = [];
    for (const block of this.#blocks) {
      const below = features.at(-1);
      features.push(block.call(below ? maxPool2d(below, { size: 2 }) : x));
    }
    return features;
  }
}

interface Step {
  readonly name: string;
  readonly up: Sequential;
  readonly double: Sequential;
}

class Decoder extends Module<[features: readonly Tensor[]]> {
  readonly finOut: { readonly 0: Conv2d };
  readonly #steps: readonly Step[];

  constructor(widths: readonly number[], outChannels: number, rng: Rng) {
    super();
    const steps: Step[] = [];
    let width = widths.at(-1) as number;
    for (let level = widths.length - 2; level >= 0; level--) {
      const skip = widths[level] as number;
      const name = steps.length === 0 ? '_b' : `${steps.length}`;
      const out = steps.length === 0 ? skip : (widths[Math.max(level - 1, 0)] as number);
      const convolve = new Conv2d(width, out, 3, { padding: 1, rng });
      const up = new Sequential(new Upsample(2, 'bilinear'), convolve, new BatchNorm2d(out, { activation: 'relu' }));
      steps.push({ name, up, double: doubleConv(out + skip, out, rng) });
      width = out;
    }
    for (const { name, up, double } of steps) Object.assign(this, { [`up${name}`]: up, [`db${name}`]: double });
    this.#steps = steps;
    this.finOut = { 0: new Conv2d(width, outChannels, 3, { padding: 1, rng }) };
  }

  protected forward(features: readonly Tensor[]): Tensor {
    const skips = [...features];
    let h = skips.pop() as Tensor;
    for (const { up, double } of this.#steps) h = double.call(concat([up.call(h), skips.pop() as Tensor], 3));
    return this.finOut[0].call(h);
  }
}

/** Marks what differs: stacked pictures [B, H, W, inChannels] -> logits [B, H, W, 2], class 1 is anomalous. Spec 3.2. */
export class Discriminator extends Module {
  readonly encoderSegment: Encoder;
  readonly decoderSegment: Decoder;

  constructor(inChannels: number, config: DiscriminatorConfig, rng: Rng) {
    super();
    const widths = discriminatorWidths(config);
    this.encoderSegment = new Encoder(inChannels, widths, rng);
    this.decoderSegment = new Decoder(widths, 2, rng);
    initialise(this, this.decoderSegment.finOut[0], config.initialisation ?? 'normal', rng);
  }

  protected forward(x: Tensor): Tensor {
    return this.decoderSegment.call(this.encoderSegment.call(x));
  }
}

/** Its logits [B, H, W, 2] -> how much likelier a defect is than none, as a logit [B, H, W, 1]. */
export function anomalyLogit(logits: Tensor): Tensor {
  return scope(() => {
    const [normal, anomalous] = split(logits, [1, 1], 3) as [Tensor, Tensor];
    return sub(anomalous, normal);
  });
}
