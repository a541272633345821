import type { DiffADConfig } from '@diffad/diffad';
import type { Ops } from '../ops.ts';
import type { Lookup } from '../work.ts';
import { type Layers, layersOf } from './layers.ts';

/** Pictures with their width and side, which decide what layers follow. */
interface State<T> {
  readonly h: T;
  readonly width: number;
  readonly side: number;
}

/** The diffusion UNet in the ops of any library: noisy latents and sinusoids of the times [B, channels] -> prediction. */
export function unet<T>(ops: Ops<T>, get: Lookup<T>, config: DiffADConfig['unet'], prefix = '') {
  const layers = layersOf(ops, (name) => get(prefix + name), config.groups, 1e-5);
  const { channels, multipliers, blocks, attentionAt, headChannels } = config;

  function residual(name: string, { h, width, side }: State<T>, out: number, time: T): State<T> {
    const y = layers.conv(`${name}.in_layers.2`, layers.normSilu(`${name}.in_layers.0`, h));
    const told = ops.addVector(y, layers.linear(`${name}.emb_layers.1`, time));
    const z = layers.conv(`${name}.out_layers.3`, layers.normSilu(`${name}.out_layers.0`, told));
    return { h: ops.add(width === out ? h : layers.pointwise(`${name}.skip_connection`, h), z), width: out, side };
  }
  const attend = (name: string, { h, width, side }: State<T>): State<T> => ({
    h: attention(layers, name, h, side, width / headChannels),
    width,
    side,
  });
  function stage(name: string, level: number, state: State<T>, time: T): State<T> {
    const next = residual(`${name}.0`, state, channels * (multipliers[level] as number), time);
    return attentionAt.includes(2 ** level) ? attend(`${name}.1`, next) : next;
  }

  return (x: T, side: number, sinusoids: T): T => {
    const time = ops.silu(layers.linear('time_embed.2', ops.silu(layers.linear('time_embed.0', sinusoids))));
    let state: State<T> = { h: layers.conv('input_blocks.0.0', x), width: channels, side };
    const skips = [state];
    const down = (next: State<T>): void => {
      state = next;
      skips.push(state);
    };
    multipliers.forEach((_, level) => {
      for (let i = 0; i < blocks; i++) down(stage(`input_blocks.${skips.length}`, level, state, time));
      if (level === multipliers.length - 1) return;
      const h = layers.conv(`input_blocks.${skips.length}.0.op`, state.h, { stride: 2, padding: [1, 1, 1, 1] });
      down({ ...state, h, side: state.side / 2 });
    });
    const middle = attend('middle_block.1', residual('middle_block.0', state, state.width, time));
    state = residual('middle_block.2', middle, middle.width, time);
    let index = 0;
    for (let level = multipliers.length - 1; level >= 0; level--)
      for (let i = 0; i <= blocks; i++) {
        const name = `output_blocks.${index++}`;
        const skip = skips.pop() as State<T>;
        const joined = { h: ops.concat([state.h, skip.h]), width: state.width + skip.width, side: state.side };
        state = stage(name, level, joined, time);
        if (level > 0 && i === blocks) {
          const last = attentionAt.includes(2 ** level) ? 2 : 1;
          const h = layers.conv(`${name}.${last}.conv`, ops.upsampleNearest(state.h));
          state = { ...state, h, side: 2 * state.side };
        }
      }
    return layers.conv('out.2', layers.normSilu('out.0', state.h));
  };
}

/** x + proj(attention(qkv(norm(x)))) over the pixels. */
function attention<T>(layers: Layers<T>, name: string, x: T, side: number, heads: number): T {
  const { ops } = layers;
  const packed = layers.linear(`${name}.qkv`, ops.tokens(layers.norm(`${name}.norm`, x)));
  const mixed = layers.linear(`${name}.proj_out`, ops.attention(...ops.unpackHeads(packed, heads), heads));
  return ops.add(x, ops.pictures(mixed, side, side));
}
