import { type DiscriminatorConfig, discriminatorWidths } from '../segment/config.ts';
import type { UNetConfig } from '../unet/config.ts';
import type { AutoencoderConfig } from '../vae/config.ts';
import type { DiffADConfig } from './schema.ts';

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
const conv = (kernel: number, inputs: number, outputs: number): number => kernel ** 2 * inputs * outputs + outputs;
const norm = (channels: number): number => 2 * channels;

/** Two norms, two 3x3 convolutions, and a 1x1 one where the width changes. */
const residual = (inputs: number, outputs: number): number =>
  norm(inputs) +
  conv(3, inputs, outputs) +
  norm(outputs) +
  conv(3, outputs, outputs) +
  (inputs === outputs ? 0 : conv(1, inputs, outputs));

/** A norm and the projections of query, key, value and result. */
const attention = (channels: number): number => norm(channels) + 4 * conv(1, channels, channels);

/** Trained numbers of the autoencoder. */
export function autoencoderParameters(config: AutoencoderConfig): number {
  const { channels, multipliers, blocks, latentChannels } = config;
  const widths = multipliers.map((multiplier) => channels * multiplier);
  const [finest, coarsest] = [widths[0] as number, widths.at(-1) as number];
  const middle = 2 * residual(coarsest, coarsest) + (config.attention ? attention(coarsest) : 0);
  const levels = (inputs: (level: number) => number, count: number): number =>
    sum(widths.map((width, level) => residual(inputs(level), width) + (count - 1) * residual(width, width)));
  const down = levels((level) => widths[level - 1] ?? channels, blocks);
  const up = levels((level) => widths[level + 1] ?? coarsest, blocks + 1);
  const halvings = sum(widths.slice(0, -1).map((width) => conv(3, width, width)));
  const doublings = sum(widths.slice(1).map((width) => conv(3, width, width)));
  const [moments, latents] = [2 * latentChannels, latentChannels];
  const encoder = conv(3, 3, channels) + down + halvings + middle + norm(coarsest) + conv(3, coarsest, moments);
  const decoder = conv(3, latents, coarsest) + middle + up + doublings + norm(finest) + conv(3, finest, 3);
  return encoder + decoder + conv(1, moments, moments) + conv(1, latents, latents);
}

/** Trained numbers of the UNet. */
export function unetParameters(inputs: number, outputs: number, config: UNetConfig): number {
  const { channels, multipliers, blocks, attentionAt } = config;
  const embedding = 4 * channels;
  const timed = (from: number, to: number): number => residual(from, to) + conv(1, embedding, to);
  const stage = (level: number, from: number): number => {
    const width = channels * (multipliers[level] as number);
    return timed(from, width) + (attentionAt.includes(2 ** level) ? attention(width) : 0);
  };
  const skips = [channels];
  let width = channels;
  let total = conv(1, channels, embedding) + conv(1, embedding, embedding) + conv(3, inputs, channels);
  for (const [level, multiplier] of multipliers.entries()) {
    for (let i = 0; i < blocks; i++) {
      total += stage(level, width);
      width = channels * multiplier;
      skips.push(width);
    }
    if (level === multipliers.length - 1) continue;
    total += conv(3, width, width);
    skips.push(width);
  }
  total += 2 * timed(width, width) + attention(width);
  for (let level = multipliers.length - 1; level >= 0; level--)
    for (let i = 0; i <= blocks; i++) {
      total += stage(level, width + (skips.pop() as number));
      width = channels * (multipliers[level] as number);
      if (level > 0 && i === blocks) total += conv(3, width, width);
    }
  return total + norm(width) + conv(3, width, outputs);
}

const convolved = (inputs: number, outputs: number): number => conv(3, inputs, outputs) + norm(outputs);
const double = (inputs: number, outputs: number): number => convolved(inputs, outputs) + convolved(outputs, outputs);

/** Trained numbers of the discriminator; batch norm's running moments are not counted. */
export function discriminatorParameters(inputs: number, config: DiscriminatorConfig): number {
  const widths = discriminatorWidths(config);
  const down = sum(widths.map((to, level) => double(widths[level - 1] ?? inputs, to)));
  let [up, from] = [0, widths.at(-1) as number];
  for (let level = widths.length - 2; level >= 0; level--) {
    const skip = widths[level] as number;
    const to = level === widths.length - 2 ? skip : (widths[Math.max(level - 1, 0)] as number);
    up += convolved(from, to) + double(to + skip, to);
    from = to;
  }
  return down + up + conv(3, from, 2);
}

/** Trained numbers of the baseline's autoencoder. */
export function draemParameters(width: number): number {
  const widths = [1, 2, 4, 8, 8].map((multiplier) => width * multiplier);
  const down = sum(widths.map((to, level) => double(widths[level - 1] ?? 3, to)));
  const up = [8, 4, 2, 1].map((from, i) => {
    const [inner, outer] = [width * from, width * ([4, 2, 1, 1][i] as number)];
    return convolved(inner, inner) + convolved(inner, inner) + convolved(inner, outer);
  });
  return down + sum(up) + conv(3, width, 3);
}

/** Trained numbers of every network of a configuration by the prefix of its names in files; nothing is allocated. Spec 6.1. */
export function parameterCounts(config: DiffADConfig): Readonly<Record<string, number>> {
  const { latentChannels } = config.autoencoder;
  if (config.method === 'draem')
    return { 'rec.': draemParameters(config.draem.width), 'seg.': discriminatorParameters(6, config.discriminator) };
  const latents = latentChannels * (config.diffusion.condition === 'none' ? 1 : 2);
  return {
    'vae.': autoencoderParameters(config.autoencoder),
    'unet.': unetParameters(latents, latentChannels, config.unet),
    'seg.': discriminatorParameters(config.sampling.interpolation === null ? 6 : 9, config.discriminator),
  };
}
