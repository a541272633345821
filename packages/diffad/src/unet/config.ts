/** Sizes of the diffusion UNet. Spec 1.4. */
export interface UNetConfig {
  /** Width of the first level; level i has `channels · multipliers[i]`. The time embedding has 4 · channels. */
  readonly channels: number;
  readonly multipliers: readonly number[];
  /** Residual blocks per level on the way down; one more on the way up. */
  readonly blocks: number;
  /** Downsampling factors at which self-attention stands, e.g. [1, 2, 4]. */
  readonly attentionAt: readonly number[];
  /** Channels of one attention head, a multiple of 4. */
  readonly headChannels: number;
  readonly groups: number;
  readonly dropout: number;
}
