import type { DiffADConfig } from '@diffad/diffad';
import type { Ops } from '../ops.ts';
import type { Lookup } from '../work.ts';
import { type Layers, layersOf } from './layers.ts';

type Config = DiffADConfig['autoencoder'];

/** The KL autoencoder of presets whose autoencoder has no attention, in the ops of any library. */
export function autoencoder<T>(ops: Ops<T>, get: Lookup<T>, config: Config, prefix = '') {
  if (config.attention)
    throw new RangeError('peers: attention in the autoencoder is not written for the peers; use tiny');
  const layers = layersOf(ops, (name) => get(prefix + name), config.groups, 1e-6);
  return {
    encode(x: T): { mean: T; logVariance: T } {
      const { latentChannels } = config;
      const moments = layers.pointwise('quant_conv', encoder(layers, config, x));
      const [mean, logVariance] = ops.split(moments, [latentChannels, latentChannels]) as [T, T];
      return { mean, logVariance: ops.clamp(logVariance, -30, 20) };
    },
    decode: (z: T): T => decoder(layers, config, layers.pointwise('post_quant_conv', z)),
  };
}

function encoder<T>(layers: Layers<T>, { multipliers, blocks }: Config, x: T): T {
  let h = layers.conv('encoder.conv_in', x);
  multipliers.forEach((multiplier, level) => {
    const changes = multiplier !== (multipliers[level - 1] ?? 1);
    for (let i = 0; i < blocks; i++) h = block(layers, `encoder.down.${level}.block.${i}`, h, changes && i === 0);
    if (level === multipliers.length - 1) return;
    h = layers.conv(`encoder.down.${level}.downsample.conv`, h, { stride: 2, padding: [0, 1, 0, 1] });
  });
  return end(layers, 'encoder', middle(layers, 'encoder', h));
}

function decoder<T>(layers: Layers<T>, { multipliers, blocks }: Config, z: T): T {
  let h = middle(layers, 'decoder', layers.conv('decoder.conv_in', z));
  for (let level = multipliers.length - 1; level >= 0; level--) {
    const changes = multipliers[level] !== (multipliers[level + 1] ?? multipliers[level]);
    for (let i = 0; i <= blocks; i++) h = block(layers, `decoder.up.${level}.block.${i}`, h, changes && i === 0);
    if (level > 0) h = layers.conv(`decoder.up.${level}.upsample.conv`, layers.ops.upsampleNearest(h));
  }
  return end(layers, 'decoder', h);
}

const end = <T>(layers: Layers<T>, name: string, h: T): T =>
  layers.conv(`${name}.conv_out`, layers.normSilu(`${name}.norm_out`, h));

const middle = <T>(layers: Layers<T>, name: string, h: T): T =>
  block(layers, `${name}.mid.block_2`, block(layers, `${name}.mid.block_1`, h, false), false);

/** A residual block; a 1x1 convolution carries x across where the width changes. */
function block<T>(layers: Layers<T>, name: string, x: T, widthChanges: boolean): T {
  const h = layers.conv(`${name}.conv1`, layers.normSilu(`${name}.norm1`, x));
  const y = layers.conv(`${name}.conv2`, layers.normSilu(`${name}.norm2`, h));
  return layers.ops.add(widthChanges ? layers.pointwise(`${name}.nin_shortcut`, x) : x, y);
}
