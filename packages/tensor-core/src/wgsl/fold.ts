import { SUBGROUP } from './subgroup-tile.ts';

/** Invocations of a workgroup that folds together. */
const TOGETHER = 256;

/**
 * How many of them lie side by side along the innermost axis, the others sharing out what is folded; 0: every invocation folds by
 * itself; `subgroup`: a subgroup folds one column.
 */
export type Across = 0 | 'subgroup' | 1 | 2 | 4 | 8 | 16 | 32;

/** Invocations of a workgroup that share out one column. */
export const rowsOf = (across: number): number => TOGETHER / across;

/** Who folds the columns of an array [parts, length, columns], and how; all texts are lines of a kernel's body. */
export interface Folding {
  readonly workgroupSize: number;
  /**
   * Declares `part`, `column` and whether it is `inside`; the walk along a column begins at `row` in steps of `rows`.
   * Leaves where there is nothing to do; `u.n` counts columns, or workgroups where they fold together.
   */
  readonly place: (columns: string) => string;
  /** The variable in which what each invocation found is put together. */
  readonly shared: (type: string) => string;
  /** Puts together what the invocations of a column found in variable `name`; all of them learn the result. */
  readonly fold: (name: string, combine: (a: string, b: string) => string) => string;
  /** The same for a sum. */
  readonly sum: (name: string) => string;
}

/** Software family: an invocation by itself or a subgroup. GPU family: a workgroup in a fixed tree, the first steps of a sum done by subgroups of a known size. */
export function folding(across: Across, subgroup: number): Folding {
  if (across === 0) return alone;
  return across === 'subgroup' ? inSubgroup : together(across, subgroup);
}

const alone: Folding = {
  workgroupSize: 32,
  place: (columns) => `
  if (gid >= u.n) { return; }
  let part = gid / ${columns};
  let column = gid % ${columns};
  const row = 0u; const rows = 1u; const inside = true;`,
  shared: () => '',
  fold: () => '',
  sum: () => '',
};

/** Every number is combined with that of the neighbour 1, 2, 4 further; no barrier. */
const inSubgroup: Folding = {
  workgroupSize: SUBGROUP,
  place: () => `
  if (wg >= u.n) { return; }
  let part = wg;
  const column = 0u; const inside = true;
  let row = lid;
  const rows = ${SUBGROUP}u;`,
  shared: () => '',
  fold: (name, combine) => `
  for (var far = 1u; far < ${SUBGROUP}u; far *= 2u) { let other = subgroupShuffleXor(${name}, far); ${name} = ${combine(name, 'other')}; }`,
  sum: (name) => `
  ${name} = subgroupAdd(${name});`,
};

function together(across: number, subgroup: number): Folding {
  const fold: Folding['fold'] = (name, combine) => `
  workgroupBarrier();
  folded[lid] = ${name};
  for (var half = ${TOGETHER / 2}u; half >= ${across}u; half /= 2u) {
    workgroupBarrier();
    if (lid < half) { folded[lid] = ${combine('folded[lid]', 'folded[lid + half]')}; }
  }
  workgroupBarrier();
  ${name} = folded[lid % ${across}u];`;
  const sum = (name: string): string => `
  ${name} = subgroupAdd(${name});
  workgroupBarrier();
  if (lid % ${subgroup}u == 0u) { folded[lid / ${subgroup}u] = ${name}; }
  workgroupBarrier();
  ${name} = folded[0];
  for (var i = 1u; i < ${TOGETHER / subgroup}u; i++) { ${name} += folded[i]; }`;
  return {
    workgroupSize: TOGETHER,
    place: (columns) => `
  if (wg >= u.n) { return; }
  let blocks = (${columns} + ${across - 1}u) / ${across}u;
  let part = wg / blocks;
  let wanted = wg % blocks * ${across}u + lid % ${across}u;
  let inside = wanted < ${columns};
  let column = min(wanted, ${columns} - 1u);
  let row = lid / ${across}u;
  const rows = ${rowsOf(across)}u;`,
    shared: (type) => `var<workgroup> folded: array<${type}, ${TOGETHER}>;`,
    fold,
    sum: (name) => (across === 1 && subgroup > 1 ? sum(name) : fold(name, (a, b) => `${a} + ${b}`)),
  };
}
