import type { LoadedFile } from '@diffad/nn';

type Tensors = LoadedFile['tensors'];
export type Part = 'vae' | 'unet' | 'seg';

/** What stands in front of each network's names in published checkpoints; the first that occurs is taken off. Spec 9.1. */
const prefixes: Readonly<Record<Part, readonly string[]>> = {
  vae: ['vae.', 'first_stage_model.', ''],
  unet: ['unet.', 'model.diffusion_model.', ''],
  seg: ['seg.', ''],
};

/** Where each network's names begin once the prefix is off. */
const roots: Readonly<Record<Part, RegExp>> = {
  vae: /^(encoder|decoder|quant_conv|post_quant_conv)\./,
  unet: /^(time_embed|input_blocks|middle_block|output_blocks|out)\./,
  seg: /^(encoder_segment|decoder_segment)\./,
};

/** The running average of a tensor of latent diffusion's UNet, whose name it has without its dots; undefined where the file has none. Spec 9.3. */
const averaged = (tensors: Tensors, name: string): Tensors[string] | undefined =>
  tensors[`model_ema.diffusion_model${name.replaceAll('.', '')}`];

/**
 * The tensors of one network under our names (those of latent diffusion and DRAEM), a UNet's averaged where the file has averages; empty
 * where it holds none of it.
 */
export function renamed(tensors: Tensors, part: Part): Tensors {
  const prefix = prefixes[part].find((candidate) =>
    Object.keys(tensors).some((name) => name.startsWith(candidate) && roots[part].test(name.slice(candidate.length))),
  );
  if (prefix === undefined) return {};
  const own = Object.entries(tensors)
    .filter(([name]) => name.startsWith(prefix) && roots[part].test(name.slice(prefix.length)))
    .map(([name, tensor]): [string, Tensors[string]] => [name.slice(prefix.length), tensor]);
  if (part === 'vae') return fromDiffusers(own);
  return Object.fromEntries(
    own.map(([name, tensor]) => [name, (part === 'unet' && averaged(tensors, name)) || tensor]),
  );
}

const rules: readonly (readonly [RegExp, string])[] = [
  [/down_blocks\.(\d+)\.resnets\.(\d+)/, 'down.$1.block.$2'],
  [/down_blocks\.(\d+)\.downsamplers\.0\.conv/, 'down.$1.downsample.conv'],
  [/mid_block\.resnets\.0/, 'mid.block_1'],
  [/mid_block\.resnets\.1/, 'mid.block_2'],
  [/mid_block\.attentions\.0/, 'mid.attn_1'],
  [/group_norm/, 'norm'],
  [/\.(to_q|query)\./, '.q.'],
  [/\.(to_k|key)\./, '.k.'],
  [/\.(to_v|value)\./, '.v.'],
  [/\.(to_out\.0|proj_attn)\./, '.proj_out.'],
  [/conv_shortcut/, 'nin_shortcut'],
  [/conv_norm_out/, 'norm_out'],
];

/** Names of diffusers to those of latent diffusion; names that are so already stay. Spec 9.2. */
function fromDiffusers(tensors: readonly [string, Tensors[string]][]): Tensors {
  const levels = 1 + Math.max(0, ...tensors.map(([name]) => Number(/up_blocks\.(\d+)/.exec(name)?.[1] ?? 0)));
  const upwards = (name: string): string =>
    name
      .replace(
        /up_blocks\.(\d+)\.resnets\.(\d+)/,
        (_, level: string, i: string) => `up.${levels - 1 - Number(level)}.block.${i}`,
      )
      .replace(
        /up_blocks\.(\d+)\.upsamplers\.0\.conv/,
        (_, level: string) => `up.${levels - 1 - Number(level)}.upsample.conv`,
      );
  return Object.fromEntries(
    tensors.map(([name, tensor]) => {
      const ours = rules.reduce((text, [pattern, to]) => text.replace(pattern, to), upwards(name));
      return [ours, withKernelAxes(ours, tensor)];
    }),
  );
}

/** diffusers stores attention projections as [C, C], latent diffusion as [C, C, 1, 1]. */
const withKernelAxes = (name: string, tensor: Tensors[string]): Tensors[string] =>
  /attn_1\.(q|k|v|proj_out)\.weight$/.test(name) && tensor.shape.length === 2
    ? { ...tensor, shape: [...tensor.shape, 1, 1] }
    : tensor;
