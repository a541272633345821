import { BatchNorm2d } from './layers/batch-norm2d.ts';
import type { Module } from './module.ts';

/**
 * Sets the running moments of every batch norm in `module` to their means over `batches` calls of `forward`, with the weights as they
 * are now. While weights move fast the running moments trail behind them, and `eval` judges a network that no longer is.
 * PyTorch's update_bn.
 */
export async function updateBatchNorm(
  module: Module<never, unknown>,
  batches: number,
  forward: (batch: number) => void | Promise<void>,
): Promise<void> {
  const modules = [...module.modules()];
  const modes = modules.map(({ training }) => training);
  const layers = modules.filter((layer) => layer instanceof BatchNorm2d);
  const momenta = layers.map(({ momentum }) => momentum);
  module.train();
  try {
    for (let batch = 0; batch < batches; batch++) {
      for (const layer of layers) layer.momentum = 1 / (batch + 1);
      await forward(batch);
    }
  } finally {
    for (const [i, layer] of layers.entries()) layer.momentum = momenta[i] as number;
    for (const [i, one] of modules.entries()) one.training = modes[i] as boolean;
  }
}
