import type { Initialisation } from './initialise.ts';

/** Sizes of the discriminative U-Net. Spec 3.2. */
export interface DiscriminatorConfig {
  /** Channels at full resolution. */
  readonly width: number;
  /** Resolutions, 6 in the paper; the picture's side must be a multiple of 2^(depth − 1). */
  readonly depth: number;
  /** Default `normal`. */
  readonly initialisation?: Initialisation;
}

/** Channels of every resolution from fine to coarse: 1, 2, 4, 8, 8, 8 times the base at depth 6. */
export function discriminatorWidths({ width, depth }: DiscriminatorConfig): number[] {
  const cap = 2 ** Math.max(2, depth - 3);
  return Array.from({ length: depth }, (_, level) => width * Math.min(2 ** level, cap));
}
