import type { Rng } from '@diffad/tensor-core';
import { ReLU } from '../layers/activations.ts';
import { BatchNorm2d } from '../layers/batch-norm2d.ts';
import { Conv2d } from '../layers/conv2d.ts';
import { Sequential } from '../layers/sequential.ts';

/** 3x3 convolution, batch norm, ReLU, twice: [B, H, W, inChannels] -> [B, H, W, outChannels]. */
export const doubleConv = (inChannels: number, outChannels: number, rng: Rng): Sequential =>
  new Sequential(
    new Conv2d(inChannels, outChannels, 3, { padding: 1, rng }),
    new BatchNorm2d(outChannels),
    ReLU(),
    new Conv2d(outChannels, outChannels, 3, { padding: 1, rng }),
    new BatchNorm2d(outChannels),
    ReLU(),
  );
