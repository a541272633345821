/** Invocations of a workgroup that folds together. */
export const TOGETHER = 256;

/** How many of them lie side by side along the innermost axis, the others sharing out what is folded; 0: every invocation folds by itself. */
export type Across = 0 | 1 | 2 | 4 | 8 | 16 | 32;

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

/** An invocation by itself, software family; or a workgroup in a fixed tree, with the first steps of a sum done by subgroups of a known size. */
export function folding(across: Across, subgroup: number): Folding {
  return across === 0 ? alone : together(across, subgroup);
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
  const rows = ${TOGETHER / across}u;`,
    shared: (type) => `var<workgroup> folded: array<${type}, ${TOGETHER}>;`,
    fold,
    sum: (name) => (across === 1 && subgroup > 1 ? sum(name) : fold(name, (a, b) => `${a} + ${b}`)),
  };
}
