import { fileURLToPath } from 'node:url';
import { type LoadedFile, loadSafetensors } from '@diffad/nn';
import { expect, test } from 'vitest';
import { type Part, renamed } from '../../src/checkpoint/rename.ts';

const fixture = (name: Part): Promise<LoadedFile> =>
  loadSafetensors(fileURLToPath(new URL(`../../../../fixtures/data/${name}.safetensors`, import.meta.url)));

/** The weights of one network, without the prefix of the fixtures. */
async function weightsOf(part: Part): Promise<LoadedFile['tensors']> {
  const { tensors } = await fixture(part);
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(`${part}.`));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(part.length + 1), tensor]));
}

const prefixed = (prefix: string, tensors: LoadedFile['tensors']): LoadedFile['tensors'] =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));

/** Latent diffusion's names of an autoencoder with two levels, as diffusers spells them; its attention weights have two axes. */
function asDiffusers(tensors: LoadedFile['tensors']): LoadedFile['tensors'] {
  const rules: [RegExp, string | ((...parts: string[]) => string)][] = [
    [/^(encoder)\.down\.(\d)\.block\.(\d)/, '$1.down_blocks.$2.resnets.$3'],
    [/^(encoder)\.down\.(\d)\.downsample/, '$1.down_blocks.$2.downsamplers.0'],
    [/^(decoder)\.up\.(\d)\.block\.(\d)/, (_, root, level, i) => `${root}.up_blocks.${1 - Number(level)}.resnets.${i}`],
    [/^(decoder)\.up\.(\d)\.upsample/, (_, root, level) => `${root}.up_blocks.${1 - Number(level)}.upsamplers.0`],
    [/mid\.block_(\d)/, (_, i) => `mid_block.resnets.${Number(i) - 1}`],
    [/attn_1\.norm/, 'attn_1.group_norm'],
    [/attn_1\.([qkv])\./, 'attn_1.to_$1.'],
    [/attn_1\.proj_out/, 'attn_1.to_out.0'],
    [/mid\.attn_1/, 'mid_block.attentions.0'],
    [/nin_shortcut/, 'conv_shortcut'],
    [/norm_out/, 'conv_norm_out'],
  ];
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const theirs = rules.reduce((text, [pattern, to]) => text.replace(pattern, to as string), name);
      const flat = /attentions\.0\.to_.*weight$/.test(theirs);
      return [theirs, flat ? { ...tensor, shape: tensor.shape.slice(0, 2) } : tensor];
    }),
  );
}

test.each<[Part, string]>([
  ['vae', ''],
  ['vae', 'first_stage_model.'],
  ['unet', ''],
  ['unet', 'model.diffusion_model.'],
  ['seg', ''],
])('%s is found behind the prefix "%s", whatever stands beside it', async (part, prefix) => {
  const weights = await weightsOf(part);
  const extra = { shape: [1], dtype: 'f32' as const, data: [0] };
  const beside = { 'loss.logvar': extra, 'cond_stage_model.encoder.conv_in.weight': extra, betas: extra };
  expect(renamed({ ...beside, ...prefixed(prefix, weights) }, part)).toEqual(weights);
});

test('where a file has running averages of the UNet these are taken, as everywhere', async () => {
  const weights = await weightsOf('unet');
  const averages = Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => [name, { ...tensor, data: Float32Array.from(tensor.data) }]),
  );
  const theirs = Object.entries(averages).map(([name, tensor]) => [
    `model_ema.diffusion_model${name.split('.').join('')}`,
    tensor,
  ]);
  const found = renamed({ ...prefixed('model.diffusion_model.', weights), ...Object.fromEntries(theirs) }, 'unet');
  expect(Object.keys(found)).toEqual(Object.keys(weights));
  for (const [name, { data }] of Object.entries(averages)) expect(found[name]?.data === data, name).toBe(true);
});

test('diffusers’ names of the autoencoder become latent diffusion’s', async () => {
  const weights = await weightsOf('vae');
  const theirs = asDiffusers(weights);
  expect(Object.keys(theirs)).toContain('decoder.up_blocks.0.upsamplers.0.conv.weight');
  expect(Object.keys(theirs)).toContain('encoder.mid_block.attentions.0.to_q.weight');
  const ours = renamed(theirs, 'vae');
  expect(Object.keys(ours).sort()).toEqual(Object.keys(weights).sort());
  for (const [name, { shape, data }] of Object.entries(weights)) {
    expect(ours[name]?.shape, name).toEqual(shape);
    expect(ours[name]?.data === data, name).toBe(true);
  }
});

test('a file that holds none of a network gives nothing', async () => {
  expect(renamed(await weightsOf('seg'), 'vae')).toEqual({});
  expect(renamed(await weightsOf('vae'), 'unet')).toEqual({});
});
