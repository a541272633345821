import { scope } from '@diffad/tensor-core';
import { DiffAD } from '../diffad.ts';
import type { DiffADConfig } from './schema.ts';

/** Weights, gradient, two moments and, for the UNet, its average. */
const COPIES: Readonly<Record<string, number>> = { 'vae.': 4, 'unet.': 5, 'seg.': 4 };

/** Bytes of the largest stage's parameters with all that training keeps beside them, and of the networks that are frozen then. */
export function parameterBytes(config: DiffADConfig): number {
  const model = scope(() => DiffAD.create(config));
  const sizes = model.networks.map(([prefix, network]) => ({
    prefix,
    bytes: network.parameters().reduce((sum, { bytes }) => sum + bytes, 0),
  }));
  model.dispose();
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  return Math.max(...sizes.map(({ prefix, bytes }) => all + bytes * ((COPIES[prefix] as number) - 1)));
}
