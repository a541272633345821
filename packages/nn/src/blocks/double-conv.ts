import type { Rng } from '@diffad/tensor-core';
import { Identity } from '../layers/activations.ts';
import { BatchNorm2d } from '../layers/batch-norm2d.ts';
import { Conv2d } from '../layers/conv2d.ts';
import { Sequential } from '../layers/sequential.ts';

/** 3x3 convolution, batch norm with ReLU, twice: [B, H, W, inChannels] -> [B, H, W, outChannels]. Its layers have the numbers they have in PyTorch. */
export const doubleConv = (inChannels: number, outChannels: number, rng: Rng): Sequential =>
  new Sequential(
    new Conv2d(inChannels, outChannels, 3, { padding: 1, rng }),
    new BatchNorm2d(outChannels, { activation: 'relu' }),
    Identity(),
    new Conv2d(outChannels, outChannels, 3, { padding: 1, rng }),
    new BatchNorm2d(outChannels, { activation: 'relu' }),
    Identity(),
  );
