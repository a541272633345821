import type { LoadedFile } from '@diffad/nn';

type Tensors = LoadedFile['tensors'];

const rules: readonly (readonly [RegExp, string])[] = [
  [/^encoder\.down\.(\d+)\.block\.(\d+)/, 'encoder.down_blocks.$1.resnets.$2'],
  [/^encoder\.down\.(\d+)\.downsample\.conv/, 'encoder.down_blocks.$1.downsamplers.0.conv'],
  [/\.mid\.block_1\./, '.mid_block.resnets.0.'],
  [/\.mid\.block_2\./, '.mid_block.resnets.1.'],
  [/\.mid\.attn_1\.norm\./, '.mid_block.attentions.0.group_norm.'],
  [/\.mid\.attn_1\.(q|k|v)\./, '.mid_block.attentions.0.to_$1.'],
  [/\.mid\.attn_1\.proj_out\./, '.mid_block.attentions.0.to_out.0.'],
  [/\.nin_shortcut\./, '.conv_shortcut.'],
  [/\.norm_out\./, '.conv_norm_out.'],
];

/**
 * An autoencoder's tensors, under our names (those of latent diffusion), as diffusers names and shapes them; `renamed` is the way
 * back. Spec 9.2. Only the middle may have attention, as in diffusers' AutoencoderKL.
 */
export function toDiffusers(tensors: Tensors): Tensors {
  const levels = 1 + Math.max(0, ...Object.keys(tensors).map((name) => Number(/\.up\.(\d+)\./.exec(name)?.[1] ?? 0)));
  const upwards = (name: string): string =>
    name.replace(
      /^decoder\.up\.(\d+)\.(block\.(\d+)|upsample\.conv)/,
      (_, level: string, part: string, block: string) =>
        `decoder.up_blocks.${levels - 1 - Number(level)}.${part === 'upsample.conv' ? 'upsamplers.0.conv' : `resnets.${block}`}`,
    );
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      rules.reduce((text, [pattern, to]) => text.replace(pattern, to), upwards(name)),
      withoutKernelAxes(name, tensor),
    ]),
  );
}

/** Latent diffusion stores attention projections as [C, C, 1, 1], diffusers as [C, C]. */
const withoutKernelAxes = (name: string, tensor: Tensors[string]): Tensors[string] =>
  /\.attn_1\.(q|k|v|proj_out)\.weight$/.test(name) ? { ...tensor, shape: tensor.shape.slice(0, 2) } : tensor;
