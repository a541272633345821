import { scoreKernel } from '../image/mean-filter.ts';
import type { DiffADConfig } from './schema.ts';

/** Sides of the windows a picture's score is read off with, in pixels of the map. */
export const scoreKernelsOf = ({ size, scoring }: DiffADConfig): number[] =>
  scoring.windows.map((share) => scoreKernel(size, share));
