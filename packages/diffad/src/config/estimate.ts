import { parameterCounts } from './parameter-counts.ts';
import type { DiffADConfig } from './schema.ts';

/** Weights, gradient, two moments and, for the UNet, its average. */
const COPIES: Readonly<Record<string, number>> = { 'vae.': 4, 'unet.': 5, 'seg.': 4, 'rec.': 4 };

/** Bytes of the largest stage's parameters with all that training keeps beside them, and of the networks that are frozen then. */
export function parameterBytes(config: DiffADConfig): number {
  const sizes = Object.entries(parameterCounts(config)).map(([prefix, count]) => ({ prefix, bytes: 4 * count }));
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const kept = sizes.map(({ prefix, bytes }) => bytes * ((COPIES[prefix] as number) - 1));
  if (config.method === 'draem') return all + kept.reduce((a, b) => a + b, 0); // both networks are trained at once
  return all + Math.max(...kept);
}
