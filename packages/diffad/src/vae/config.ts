/** Sizes of the autoencoder. Spec 1.2. */
export interface AutoencoderConfig {
  /** Width of the finest level; level i has `channels · multipliers[i]`, each level after the first halves the picture. */
  readonly channels: number;
  readonly multipliers: readonly number[];
  /** Residual blocks per level; the decoder has one more. */
  readonly blocks: number;
  readonly latentChannels: number;
  /** Groups of every group norm. */
  readonly groups: number;
  /** Self-attention at the lowest resolution. */
  readonly attention: boolean;
  /** Dropout while the autoencoder is trained. */
  readonly dropout: number;
  /** Where log σ² of the posterior starts; 0 leaves PyTorch's initialisation. Default 0. */
  readonly initialLogVariance?: number;
}

/** Pixels of the picture per pixel of the latent. */
export const downsampling = ({ multipliers }: AutoencoderConfig): number => 2 ** (multipliers.length - 1);
