import { timesteps } from '../diffusion/timesteps.ts';
import type { DiffADConfig } from './schema.ts';

/** The ascending timesteps that sampling under a configuration visits in so many steps; default its own. Throws RangeError as {@link timesteps} does. */
export const timestepsOf = (
  { diffusion, sampling }: Pick<DiffADConfig, 'diffusion' | 'sampling'>,
  count: number = sampling.steps,
): number[] =>
  timesteps(count, {
    total: diffusion.steps,
    spacing: sampling.spacing,
    lowest: diffusion.lowest,
    ...(sampling.start !== 'noise' && { last: sampling.start }),
  });
