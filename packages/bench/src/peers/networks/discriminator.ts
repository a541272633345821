import type { DiffADConfig } from '@diffad/diffad';
import type { Ops } from '../ops.ts';
import type { Lookup } from '../work.ts';

const SAME = { padding: [1, 1, 1, 1] } as const;

/** The discriminative U-Net with its running moments, in the ops of any library: stacked pictures -> logits of two classes. */
export function discriminator<T>(
  ops: Ops<T>,
  get: Lookup<T>,
  { depth }: DiffADConfig['discriminator'],
  prefix = '',
): (x: T) => T {
  const conv = (name: string, x: T): T =>
    ops.conv2d(x, get(`${prefix}${name}.weight`), get(`${prefix}${name}.bias`), SAME);
  const norm = (name: string, x: T): T => {
    const of = (key: string): T => get(`${prefix}${name}.${key}`);
    const moments = { weight: of('weight'), bias: of('bias'), mean: of('running_mean'), variance: of('running_var') };
    return ops.relu(ops.batchNorm(x, moments));
  };
  const double = (name: string, x: T): T => {
    const h = norm(`${name}.1`, conv(`${name}.0`, x));
    return norm(`${name}.4`, conv(`${name}.3`, h));
  };
  return (x) => {
    const features: T[] = [];
    for (let level = 1; level <= depth; level++) {
      const below = features.at(-1);
      features.push(double(`encoder_segment.block${level}`, below === undefined ? x : ops.maxPool(below)));
    }
    let h = features.pop() as T;
    for (let step = 0; step < depth - 1; step++) {
      const name = step === 0 ? '_b' : `${step}`;
      const up = conv(`decoder_segment.up${name}.1`, ops.upsampleBilinear(h));
      const merged = ops.concat([norm(`decoder_segment.up${name}.2`, up), features.pop() as T]);
      h = double(`decoder_segment.db${name}`, merged);
    }
    return conv('decoder_segment.fin_out.0', h);
  };
}
