import { lines } from './lines.ts';

/** Invocations of a subgroup the kernels of this kind are written for; such a subgroup is their whole workgroup. */
export const SUBGROUP = 8;

/**
 * One step of a sum of outer products, software family. Invocation i holds rows i, i + 8, ... of the left operand in x0, x1, ...
 * and its own columns of the right one in `w`; each row is broadcast in turn: sum_r += x_r · w.
 *
 * On lavapipe a load costs some thirty multiplications, wherever it leads; a broadcast costs one. So a number is loaded
 * once for all eight invocations, and a step takes rows / 8 + columns loads for rows · columns multiplications.
 */
export const outerProduct = (rows: number): string =>
  lines(rows, (r) => `sum${r} += subgroupBroadcast(x${Math.floor(r / SUBGROUP)}, ${r % SUBGROUP}u) * w;`);
