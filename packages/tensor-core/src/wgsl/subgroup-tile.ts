import { lines } from './lines.ts';

/** Invocations of a subgroup the kernels of this kind are written for; such a subgroup is their whole workgroup. */
export const SUBGROUP = 8;

/**
 * `steps` steps of a sum of outer products, software family. Invocation i holds rows i, i + 8, ... of the left operand in x0_k,
 * x1_k, ... and its own columns of the right one in `w`k; each row is broadcast in turn: sum_r += x_r · w.
 *
 * On lavapipe a load costs some twenty multiplications, wherever it leads; a broadcast costs one. So a number is loaded
 * once for all eight invocations, and a step takes rows / 8 + columns loads for rows · columns multiplications. More sums than
 * registers live in memory between steps: four steps at a time move them a quarter as often.
 */
export const outerProduct = (rows: number, steps: number): string =>
  lines(rows * steps, (n) => {
    const [r, k] = [Math.floor(n / steps), n % steps];
    return `sum${r} += subgroupBroadcast(x${Math.floor(r / SUBGROUP)}_${k}, ${r % SUBGROUP}u) * w${k};`;
  });

/** Steps taken together, where there are that many. */
export const STEPS = 4;
