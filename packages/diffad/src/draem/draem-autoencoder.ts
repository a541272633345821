import { BatchNorm2d, Conv2d, doubleConv, Identity, Module, Sequential, Upsample } from '@diffad/nn';
import { maxPool2d, type Rng, type Tensor } from '@diffad/tensor-core';
import { type Initialisation, initialise } from '../segment/initialise.ts';

/** Five resolutions without skip connections; each block but the first halves the picture. */
class Encoder extends Module {
  readonly [block: `block${number}`]: Sequential;
  readonly #blocks: readonly Sequential[];

  constructor(widths: readonly number[], rng: Rng) {
    super();
    this.#blocks = widths.map((width, i) => doubleConv(widths[i - 1] ?? 3, width, rng));
    Object.assign(this, Object.fromEntries(this.#blocks.map((block, i) => [`block${i + 1}`, block])));
  }

  protected forward(x: Tensor): Tensor {
    return this.#blocks.reduce((h, block, i) => block.call(i === 0 ? h : maxPool2d(h, { size: 2 })), x);
  }
}

class Decoder extends Module {
  readonly [layer: `up${number}` | `db${number}`]: Sequential;
  readonly finOut: { readonly 0: Conv2d };
  readonly #layers: readonly Sequential[];

  constructor(widths: readonly number[], rng: Rng) {
    super();
    const [first, ...rest] = widths.toReversed() as [number, ...number[]];
    let width = first;
    this.#layers = rest.flatMap((below) => {
      const convolve = new Conv2d(width, width, 3, { padding: 1, rng });
      const up = new Sequential(new Upsample(2, 'bilinear'), convolve, new BatchNorm2d(width, { activation: 'relu' }));
      const double = new Sequential(
        ...[width, below].flatMap((out) => [
          new Conv2d(width, out, 3, { padding: 1, rng }),
          new BatchNorm2d(out, { activation: 'relu' }),
          Identity(),
        ]),
      );
      width = below;
      return [up, double];
    });
    this.#layers.forEach((layer, i) => {
      Object.assign(this, { [`${i % 2 === 0 ? 'up' : 'db'}${Math.floor(i / 2) + 1}`]: layer });
    });
    this.finOut = { 0: new Conv2d(width, 3, 3, { padding: 1, rng }) };
  }

  protected forward(x: Tensor): Tensor {
    return this.finOut[0].call(this.#layers.reduce((h, layer) => layer.call(h), x));
  }
}

/** The baseline's reconstructive network: pictures [B, H, W, 3] -> [B, H, W, 3] through a narrow middle. Zavrtanik et al. 2021; spec 3.3. */
export class DraemAutoencoder extends Module {
  readonly encoder: Encoder;
  readonly decoder: Decoder;

  constructor(width: number, rng: Rng, initialisation: Initialisation = 'normal') {
    super();
    const widths = [1, 2, 4, 8, 8].map((multiplier) => width * multiplier);
    this.encoder = new Encoder(widths, rng);
    this.decoder = new Decoder([width, ...widths.slice(0, -1)], rng);
    initialise(this, this.decoder.finOut[0], initialisation, rng);
  }

  protected forward(x: Tensor): Tensor {
    return this.decoder.call(this.encoder.call(x));
  }
}
