import { type DiffADConfig, type Variant, variantNames, withVariant } from '@diffad/diffad';
import { counted } from '../table.ts';

/** The five variants of the supplementary, and the baseline. Spec 5. */
export type Method = Variant | 'draem';

export const methodNames: readonly Method[] = [...variantNames, 'draem'];

/** What the paper calls them. */
export const paperNames: Readonly<Record<Method, string>> = {
  dir: 'DiffAD_dir',
  c: 'DiffAD_c',
  'wo-inter': 'DiffAD_w/o-inter',
  'z-inter': 'DiffAD_z-inter',
  full: 'DiffAD',
  draem: 'DRAEM',
};

export const configOf = (base: DiffADConfig, method: Method): DiffADConfig =>
  method === 'draem' ? { ...base, method: 'draem' } : withVariant({ ...base, method: 'diffad' }, method);

/** One line of what a method does under its configuration. */
export function describeMethod({ method, diffusion, sampling, training }: DiffADConfig): string {
  if (method === 'draem') return 'an autoencoder that restores, trained with the discriminator';
  const { condition, conditionNoiseMax } = diffusion;
  const seen = {
    none: 'unconditional',
    clean: 'clean condition',
    noisy: `condition noised to t <= ${conditionNoiseMax}`,
  }[condition];
  const from = sampling.start === 'noise' ? 'noise' : `the picture diffused to t = ${sampling.start}`;
  const { samplingSteps } = training.segment;
  const sampled = `sampled from ${from} in ${counted(sampling.steps, 'step')}, ${samplingSteps} in training, ${counted(sampling.redrawings, 'redrawing')}`;
  const { interpolation } = sampling;
  const compared =
    interpolation === null ? 'x_r, x' : `x_r, ${interpolation === 1 ? 'D(c)' : `x_inter (λ = ${interpolation})`}, x`;
  return `${seen}; ${sampled}; the discriminator sees ${compared}`;
}
