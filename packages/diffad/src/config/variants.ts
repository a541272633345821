import type { DiffADConfig } from './schema.ts';

/** The ablation's five: how the UNet is conditioned, where sampling starts, which pictures are compared. Spec 5. */
const variants = {
  /** Unconditional: the picture is diffused to t = 801 and denoised from there. */
  dir: { condition: 'none', start: 801, interpolation: null },
  /** The condition is never noised. */
  c: { condition: 'clean', start: 'noise', interpolation: null },
  'wo-inter': { condition: 'noisy', start: 'noise', interpolation: null },
  /** The autoencoder's own reconstruction in place of the interpolation. */
  'z-inter': { condition: 'noisy', start: 'noise', interpolation: 1 },
  full: { condition: 'noisy', start: 'noise', interpolation: 0.5 },
} as const;

export type Variant = keyof typeof variants;
export const variantNames = Object.keys(variants) as Variant[];

export function withVariant(config: DiffADConfig, variant: Variant): DiffADConfig {
  const { condition, start, interpolation } = variants[variant];
  return {
    ...config,
    diffusion: { ...config.diffusion, condition, ...(condition === 'none' && { lowest: 0 }) }, // without a condition only low timesteps show details
    sampling: { ...config.sampling, start, interpolation },
  };
}
