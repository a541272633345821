import { type DiffADConfig, discriminatorWidths } from '@diffad/diffad';

/** One resolution of one network: pictures of `side` squared with `channels`. */
export interface Level {
  readonly where: string;
  readonly side: number;
  readonly channels: number;
  /** Channels of the level below, seen from the way down. */
  readonly next: number | undefined;
  /** Channels the widest convolution of the way up reads: its own and those of the skip. */
  readonly joined: number | undefined;
}

const chain = (network: string, side: number, widths: readonly number[], skips: boolean): Level[] =>
  widths.map((channels, level) => ({
    where: `${network} level ${level}`,
    side: side / 2 ** level,
    channels,
    next: widths[level + 1],
    joined: skips ? channels + (widths[level + 1] ?? channels) : undefined,
  }));

const scaled = (channels: number, multipliers: readonly number[]): number[] => multipliers.map((m) => m * channels);

export const latentSide = ({ size, autoencoder }: DiffADConfig): number =>
  size / 2 ** (autoencoder.multipliers.length - 1);

export const autoencoderLevels = ({ size, autoencoder }: DiffADConfig): Level[] =>
  chain('autoencoder', size, scaled(autoencoder.channels, autoencoder.multipliers), false);

export const unetLevels = (config: DiffADConfig): Level[] =>
  chain('unet', latentSide(config), scaled(config.unet.channels, config.unet.multipliers), true);

export const discriminatorLevels = ({ size, discriminator }: DiffADConfig): Level[] =>
  chain('discriminator', size, discriminatorWidths(discriminator), true);
