import type { Cell, FigureName } from '../store/cell.ts';

/** A mean over seeds with the sample standard deviation; no spread below two seeds, no mean without figures. */
export interface Spread {
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly seeds: number;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function spreadOf(values: readonly number[]): Spread {
  const seeds = values.length;
  if (seeds === 0) return { mean: null, deviation: null, seeds };
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: seeds > 1 ? Math.sqrt(squares / (seeds - 1)) : null, seeds };
}

/** One figure over the seeds of some cells: per seed the mean over classes, unweighted; seeds where a class lacks it are left out. Spec 7.2. */
export function summarise(cells: readonly Cell[], figure: FigureName): Spread {
  const seeds = [...new Set(cells.map(({ seed }) => seed))];
  const perSeed = seeds.flatMap((seed) => {
    const values = cells.filter((cell) => cell.seed === seed).map(({ figures }) => figures[figure]);
    const known = values.filter((value) => value !== null);
    return known.length === values.length ? [meanOf(known)] : [];
  });
  return spreadOf(perSeed);
}
