import { type ConfigChoice, createModel, type DiffAD, resolveConfig, surfacePicture } from '../../src/index.ts';

const assignments = [
  'size=16',
  'autoencoder={"channels":4,"multipliers":[1,2],"groups":2}',
  'unet={"channels":8,"multipliers":[1],"attentionAt":[],"headChannels":8,"groups":4}',
  'discriminator={"width":4,"depth":2}',
];

/** An untrained model for pictures of 16 px, ready to judge. */
export const smallest = ({ assignments: more = [], ...choice }: ConfigChoice = {}): DiffAD =>
  createModel(resolveConfig({ ...choice, assignments: [...assignments, ...more] }), 3).eval() as DiffAD;

export const pictures = [0, 1].map((index) => surfacePicture(1, index, { surface: 'woven', size: 16 }).image);
