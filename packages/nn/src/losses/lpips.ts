import {
  add,
  div,
  maxPool2d,
  mean,
  mul,
  relu,
  scope,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
} from '@diffad/tensor-core';
import { Conv2d } from '../layers/conv2d.ts';
import { Module } from '../module.ts';
import { expectSameShape } from './expect-same-shape.ts';

/** What the images of ImageNet were shifted and scaled by, in [-1, 1]. */
const SHIFT = [-0.03, -0.088, -0.188];
const SCALE = [0.458, 0.448, 0.45];
/** Convolutions of VGG16 by slice: torchvision's numbers of them, and their width in units of the first. */
const SLICES = [
  { layers: [0, 2], width: 1 },
  { layers: [5, 7], width: 2 },
  { layers: [10, 12, 14], width: 4 },
  { layers: [17, 19, 21], width: 8 },
  { layers: [24, 26, 28], width: 8 },
] as const;

export interface LpipsOptions {
  /** Channels of the first convolution; VGG16 has 64. */
  readonly width?: number;
}

type Slice = Readonly<Record<number, Conv2d>>;

/**
 * Learned perceptual distance of RGB pictures [B, H, W, 3] in [0, 1], H and W >= 16: a scalar, the mean over the batch of
 * Σ over five layers of VGG16 of the pixel mean of w · (x̂ − ŷ)², x̂ and ŷ unit vectors over the channels. Zhang et al. 2018;
 * spec 1.2. Its weights are the user's: names are those of the `lpips` package (`net.slice1.0.weight`, `lin0.model.1.weight`), to be
 * loaded with `loadModule`. A file of them leaves out what else the package's state has: `scaling_layer.shift` and `.scale`, which are
 * constants here, and `lins.*`, the heads once more. Leave its parameters out of what is trained.
 */
export class Lpips extends Module<[x: Tensor, y: Tensor]> {
  readonly net: Readonly<Record<string, Slice>>;
  readonly lin0: Head;
  readonly lin1: Head;
  readonly lin2: Head;
  readonly lin3: Head;
  readonly lin4: Head;

  constructor({ width = 64 }: LpipsOptions = {}) {
    super();
    const channels = SLICES.map((slice) => slice.width * width);
    this.net = Object.fromEntries(
      SLICES.map(({ layers }, i) => [`slice${i + 1}`, slice(layers, channels[i - 1] ?? 3, channels[i] as number)]),
    );
    [this.lin0, this.lin1, this.lin2, this.lin3, this.lin4] = channels.map(head) as [Head, Head, Head, Head, Head];
  }

  protected forward(x: Tensor, y: Tensor): Tensor {
    expectSameShape('lpips', { x, y });
    const [left, right] = [this.#features(x), this.#features(y)];
    return [this.lin0, this.lin1, this.lin2, this.lin3, this.lin4]
      .map(({ model }, i) => {
        const apart = square(sub(unit(left[i] as Tensor), unit(right[i] as Tensor)));
        return mean(model[1].call(apart));
      })
      .reduce((a, b) => add(a, b));
  }

  /** The activations after the last ReLU of each slice. */
  #features(picture: Tensor): Tensor[] {
    const shift = tensor(
      SHIFT.map((value, i) => (-1 - value) / (SCALE[i] as number)),
      [3],
    );
    const scale = tensor(
      SCALE.map((value) => 2 / value),
      [3],
    );
    let h = add(mul(picture, scale), shift);
    return Object.values(this.net).map((layers, i) => {
      if (i > 0) h = maxPool2d(h, { size: 2 });
      for (const conv of Object.values(layers)) h = relu(conv.call(h));
      return h;
    });
  }
}

interface Head {
  readonly model: { readonly 1: Conv2d };
}

const head = (channels: number): Head => ({ model: { 1: new Conv2d(channels, 1, 1, { bias: false }) } });

const slice = (layers: readonly number[], from: number, to: number): Slice =>
  Object.fromEntries(layers.map((name, i) => [name, new Conv2d(i === 0 ? from : to, to, 3, { padding: 1 })]));

/** Each pixel's channels over their length; dead pixels stay zero, with zero gradients. */
const unit = (features: Tensor): Tensor =>
  scope(() => {
    const length = sqrt(add(sum(square(features), { axes: [-1], keepDims: true }), 1e-20));
    return div(features, length);
  });
