import type { Mask } from '../image/image.ts';
import type { Preprocess } from '../image/preprocess.ts';
import type { DiffADConfig } from './schema.ts';

/** What is done to a picture before the networks see it. The aspect ratio is kept. */
export const preprocessOf = ({ size, channelOrder, resize }: DiffADConfig, region: Mask | null = null): Preprocess => ({
  size,
  resize,
  channelOrder,
  region,
});
