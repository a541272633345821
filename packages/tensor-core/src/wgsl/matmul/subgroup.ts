import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { defineKernel, program } from '../program.ts';
import { outerProduct, STEPS, SUBGROUP } from '../subgroup-tile.ts';
import { MATMUL_UNIFORMS } from './layout.ts';

/** Columns of a workgroup's tile, four for each invocation. */
export const COLUMNS = 4 * SUBGROUP;

/**
 * Software family with subgroups of eight: a workgroup makes `rows` x 32 numbers of the product, each number of a loaded by one
 * invocation. `wide` reads and writes four neighbouring columns at a time, of a row-major b with n divisible by four.
 */
export const subgroupMatmul = defineKernel(
  (rows: number, transposeA: boolean, transposeB: boolean, wide: boolean, bias: boolean, dtype: DType) => {
    const element = wide ? `vec4<${dtype}>` : dtype;
    const fourOf = (at: (c: number) => string): string => `vec4(${[0, 1, 2, 3].map(at).join(', ')})`;
    const numberOfB = (c: number, k: string): string =>
      transposeB ? `column${c} * u.k + ${k}` : `(${k}) * u.n + column${c}`;
    const loadB = (k: string): string =>
      wide
        ? `vec4<f32>(b[baseB / 4u + (${k}) * (u.n / 4u) + column0 / 4u])`
        : fourOf((c) => `f32(b[baseB + ${numberOfB(c, k)}])`);
    const loads = rows / SUBGROUP;
    const step = (steps: number): string => `${lines(steps, (k) => `let w${k} = ${loadB(`k + ${k}u`)};`)}
      ${lines(loads * steps, (n) => `let x${n % loads}_${Math.floor(n / loads)} = f32(a[at${n % loads} + (k + ${Math.floor(n / loads)}u)${transposeA ? ' * u.m' : ''}]);`)}
      ${outerProduct(rows, steps)}`;
    const loadBias = fourOf((c) => `f32(bias[column${c}])`);
    const store = (r: number): string =>
      wide
        ? `c[(out + ${r}u * u.n + first) / 4u] = vec4<${dtype}>(sum${r});`
        : lines(
            4,
            (c) => `if (first + ${c}u < u.n) { c[out + ${r}u * u.n + first + ${c}u] = ${dtype}(sum${r}[${c}]); }`,
          );
    return program({
      name: 'matmul',
      uniforms: MATMUL_UNIFORMS,
      inputs: { a: dtype, b: element, ...(bias && { bias: dtype }) },
      outputs: { c: element },
      workgroupSize: SUBGROUP,
      body: `
  let across = (u.n + ${COLUMNS - 1}u) / ${COLUMNS}u;
  let down = (u.m + ${rows - 1}u) / ${rows}u;
  if (wg >= across * down * u.batches) { return; }
  let first = wg % across * ${COLUMNS}u + 4u * lid;
  let row = wg / across % down * ${rows}u;
  let batch = wg / across / down;
  let baseB = batch * u.strideB;
  ${lines(4, (c) => `let column${c} = min(first + ${c}u, u.n - ${wide ? 4 - c : 1}u);`)}
  ${lines(loads, (n) => `let at${n} = batch * u.strideA + min(row + ${SUBGROUP * n}u + lid, u.m - 1u)${transposeA ? '' : ' * u.k'};`)}
  let start = ${bias ? loadBias : 'vec4(0.0)'};
  ${lines(rows, (r) => `var sum${r} = start;`)}
  var k = 0u;
  for (; k + ${STEPS - 1}u < u.k; k += ${STEPS}u) {
      ${step(STEPS)}
  }
  for (; k < u.k; k++) {
      ${step(1)}
  }
  if (first >= u.n) { return; }
  let out = (batch * u.m + row) * u.n;
  ${lines(rows, (r) => `if (row + ${r}u < u.m) { ${store(r)} }`)}`,
    });
  },
);
