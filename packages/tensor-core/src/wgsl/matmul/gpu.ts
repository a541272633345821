import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { defineKernel, program } from '../program.ts';
import { sliceBegin } from '../slices.ts';
import { cellPlace, DEPTH, type Lie, partOf, type Side, workgroupTile } from '../workgroup-tile.ts';
import { MATMUL_UNIFORMS } from './layout.ts';

/**
 * GPU family: a workgroup makes a tile of `side` squared, of one part of the sum: c is [splits, batches, m, n].
 * `wide` moves four numbers at a time: rows of a and b divide by four.
 */
export const gpuMatmul = defineKernel(
  (transposeA: boolean, transposeB: boolean, side: Side, wide: boolean, bias: boolean, dtype: DType, output: DType) => {
    const [lieA, lieB]: [Lie, Lie] = [transposeA ? 'across' : 'along', transposeB ? 'along' : 'across'];
    const tile = workgroupTile(side, lieA, lieB);
    const wideC = wide && !transposeB;
    const element = (type: DType): string => (wide ? `vec4<${type}>` : type);
    const stage = [
      ...tile.left.map(({ at, term, slot }) => `${slot} = readA(batch * u.strideA, row + ${at}, base + ${term});`),
      ...tile.right.map(({ at, term, slot }) => `${slot} = readB(batch * u.strideB, column + ${at}, base + ${term});`),
    ];
    const start = lines(4, (c) => `start[${c}] = f32(bias[min(column + ${tile.column(c)}, u.n - 1u)]);`);
    const store = (r: number): string => {
      const first = `(product * u.m + row + ${tile.row(r)}) * u.n + column`;
      const cell = (n: number): string =>
        `if (column + ${tile.column(n)} < u.n) { c[${first} + ${tile.column(n)}] = ${output}(sum${r}[${n}]); }`;
      const four = `if (column + 4u * cellX < u.n) { c[(${first}) / 4u + cellX] = vec4<${output}>(sum${r}); }`;
      return `if (row + ${tile.row(r)} < u.m) { ${wideC ? four : lines(4, cell)} }`;
    };
    return program({
      name: 'matmul',
      uniforms: `${MATMUL_UNIFORMS}, splits: u32`,
      inputs: { a: element(dtype), b: element(dtype), ...(bias && { bias: dtype }) },
      outputs: { c: wideC ? element(output) : output },
      workgroupSize: tile.workgroupSize,
      declarations: `${tile.declarations}
${sliceBegin}
${reader('readA', 'a', 'u.m', lieA, wide)}
${reader('readB', 'b', 'u.n', lieB, wide)}`,
      body: `
  let across = (u.n + ${side - 1}u) / ${side}u;
  let down = (u.m + ${side - 1}u) / ${side}u;
  let column = wg % across * ${side}u;
  let row = wg / across % down * ${side}u;
  let product = wg / across / down;
  let split = product / u.batches;
  let batch = product % u.batches;
  if (split >= u.splits) { return; }
  let slices = (u.k + ${DEPTH - 1}u) / ${DEPTH}u;
  ${cellPlace(side)}
  var start = vec4(0.0);
  ${bias ? `if (split == 0u) { ${start} }` : ''}
  ${lines(tile.cellRows, (r) => `var sum${r} = start;`)}
  ${tile.product(...partOf('split'), stage.join('\n      '))}
  ${lines(tile.cellRows, store)}`,
    });
  },
);

/** A function that reads four numbers of an operand, zeros beyond it: the row or column `at`, the term `k` and what follows. */
function reader(name: string, array: string, extent: string, lie: Lie, wide: boolean): string {
  const [inner, outer, size] = lie === 'along' ? ['k', 'at', 'u.k'] : ['at', 'k', extent];
  const first = `begin + ${outer} * ${size} + ${inner}`;
  const four = `return vec4<f32>(${array}[(${first}) / 4u]);`;
  const each = `let first = ${first};
  var four = vec4(0.0);
  for (var i = 0u; i < min(4u, ${size} - ${inner}); i++) { four[i] = f32(${array}[first + i]); }
  return four;`;
  return `fn ${name}(begin: u32, at: u32, k: u32) -> vec4<f32> {
  if (at >= ${extent} || k >= u.k) { return vec4(0.0); }
  ${wide ? four : each}
}`;
}
