import { type DiffADConfig, presets } from '@diffad/diffad';

const { tiny } = presets;
if (!tiny) throw new Error('the tiny preset is gone');

/** The networks of `tiny` with a quarter of the sides and of the channels, the discriminator at four resolutions: every kind of layer in a moment. */
export const SMALL: DiffADConfig = {
  ...tiny,
  size: 16,
  autoencoder: { ...tiny.autoencoder, channels: 4, groups: 2 },
  unet: { ...tiny.unet, channels: 8, headChannels: 4, groups: 4 },
  discriminator: { ...tiny.discriminator, width: 4, depth: 4 },
  sampling: { ...tiny.sampling, steps: 2, start: 'noise' },
};
