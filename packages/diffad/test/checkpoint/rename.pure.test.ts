import type { LoadedFile } from '@diffad/nn';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renamed } from '../../src/checkpoint/rename.ts';
import { toDiffusers } from '../../src/checkpoint/to-diffusers.ts';

type Tensors = LoadedFile['tensors'];

/** The names of an autoencoder of so many levels, as latent diffusion spells them (spec 9.2), with telling shapes. */
function autoencoder(levels: number, blocks: number): Tensors {
  const names: [string, number[]][] = [
    ['quant_conv.weight', [8, 8, 1, 1]],
    ['post_quant_conv.bias', [4]],
  ];
  for (const half of ['encoder', 'decoder']) {
    const side = half === 'encoder' ? 'down' : 'up';
    for (let level = 0; level < levels; level++) {
      for (let block = 0; block < blocks + (half === 'decoder' ? 1 : 0); block++)
        for (const part of ['norm1', 'conv1', 'norm2', 'conv2', 'nin_shortcut'])
          names.push([`${half}.${side}.${level}.block.${block}.${part}.weight`, [4, level + 1, block + 1, 3]]);
      const resampled = half === 'encoder' ? level < levels - 1 : level > 0;
      if (resampled) names.push([`${half}.${side}.${level}.${side}sample.conv.weight`, [level, 4, 3, 3]]);
    }
    for (const block of [1, 2]) names.push([`${half}.mid.block_${block}.conv1.bias`, [block]]);
    for (const part of ['q', 'k', 'v', 'proj_out']) {
      names.push([`${half}.mid.attn_1.${part}.weight`, [8, 8, 1, 1]]);
      names.push([`${half}.mid.attn_1.${part}.bias`, [8]]);
    }
    for (const part of ['conv_in', 'norm_out', 'conv_out']) names.push([`${half}.${part}.weight`, [3, 4, 3, 3]]);
    names.push([`${half}.mid.attn_1.norm.weight`, [8]]);
  }
  return Object.fromEntries(names.map(([name, shape]) => [name, { shape, dtype: 'f32', data: [] }]));
}

const prefixed = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
const one = (name: string, shape: number[]): Tensors => ({ [name]: { shape, dtype: 'f32', data: [] } });

test.each([
  ['encoder.down.1.block.0.nin_shortcut.weight', 'encoder.down_blocks.1.resnets.0.conv_shortcut.weight'],
  ['encoder.down.2.downsample.conv.bias', 'encoder.down_blocks.2.downsamplers.0.conv.bias'],
  ['decoder.up.3.block.2.norm1.weight', 'decoder.up_blocks.0.resnets.2.norm1.weight'],
  ['decoder.up.1.upsample.conv.weight', 'decoder.up_blocks.2.upsamplers.0.conv.weight'],
  ['decoder.mid.block_2.conv2.bias', 'decoder.mid_block.resnets.1.conv2.bias'],
  ['encoder.mid.attn_1.norm.bias', 'encoder.mid_block.attentions.0.group_norm.bias'],
  ['encoder.mid.attn_1.proj_out.bias', 'encoder.mid_block.attentions.0.to_out.0.bias'],
  ['decoder.norm_out.weight', 'decoder.conv_norm_out.weight'],
  ['quant_conv.weight', 'quant_conv.weight'],
])('%s is diffusers’ %s', (ours, theirs) => {
  // The deepest level tells how many there are.
  const deepest = one('decoder.up.3.block.0.conv1.bias', [1]);
  expect(Object.keys(toDiffusers({ ...deepest, ...one(ours, [2]) }))).toContain(theirs);
});

test('to diffusers and back is where it was, in names and shapes, whatever the depth and the prefix', () => {
  const prefix = fc.constantFrom('', 'vae.', 'first_stage_model.');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 }), prefix, (levels, blocks, before) => {
      const ours = autoencoder(levels, blocks);
      const theirs = toDiffusers(ours);
      expect(Object.keys(theirs)).not.toEqual(Object.keys(ours));
      expect(renamed(prefixed(before, theirs), 'vae')).toEqual(ours);
      expect(renamed(prefixed(before, ours), 'vae')).toEqual(ours);
    }),
    { numRuns: 30 },
  );
});

test('the projections of older diffusers are known by their other names, and get their kernel axes', () => {
  for (const [old, ours] of Object.entries({ query: 'q', key: 'k', value: 'v', proj_attn: 'proj_out' }))
    expect(renamed(one(`encoder.mid_block.attentions.0.${old}.weight`, [8, 8]), 'vae')).toEqual(
      one(`encoder.mid.attn_1.${ours}.weight`, [8, 8, 1, 1]),
    );
});

test('what belongs to other networks, losses and schedules is left out', () => {
  const checkpoint: Tensors = {
    ...one('first_stage_model.encoder.conv_in.weight', [1]),
    ...one('cond_stage_model.encoder.conv_in.weight', [2]),
    ...one('first_stage_model.loss.logvar', [3]),
    ...one('model.diffusion_model.out.0.weight', [4]),
    ...one('model_ema.decay', [5]),
    ...one('betas', [6]),
  };
  expect(renamed(checkpoint, 'vae')).toEqual(one('encoder.conv_in.weight', [1]));
  expect(renamed(checkpoint, 'unet')).toEqual(one('out.0.weight', [4]));
  expect(renamed(checkpoint, 'seg')).toEqual({});
});
