import type { DType } from '../../dtype.ts';
import { defineKernel, program } from '../program.ts';
import { MATMUL_UNIFORMS } from './layout.ts';

const DEPTH = 16;

/**
 * GPU family: a workgroup of 16 x 16 makes a tile of 16·`cell` squared, an invocation `cell` x `cell` of it,
 * with slices of both operands, 16 deep, staged in workgroup memory.
 */
export const gpuMatmul = defineKernel(
  (transposeA: boolean, transposeB: boolean, cell: number, bias: boolean, dtype: DType) => {
    const side = 16 * cell;
    const share = (side * DEPTH) / 256;
    const cells = (line: (r: number, c: number) => string): string =>
      Array.from({ length: cell * cell }, (_, n) => line(Math.floor(n / cell), n % cell)).join('\n    ');
    const each = (line: (n: number) => string): string => Array.from({ length: cell }, (_, n) => line(n)).join(' ');
    // Neighbouring invocations read neighbouring numbers, whichever way the operand lies.
    const place = (alongDepth: boolean): string =>
      alongDepth
        ? `let depth = slot % ${DEPTH}u; let at = slot / ${DEPTH}u;`
        : `let depth = slot / ${side}u; let at = slot % ${side}u;`;
    return program({
      name: 'matmul',
      uniforms: MATMUL_UNIFORMS,
      inputs: { a: dtype, b: dtype, ...(bias && { bias: dtype }) },
      outputs: { c: dtype },
      workgroupSize: 256,
      // One column of padding keeps the banks of workgroup memory apart.
      declarations: `var<workgroup> tileA: array<f32, ${DEPTH * (side + 1)}>;
var<workgroup> tileB: array<f32, ${DEPTH * (side + 1)}>;`,
      body: `
  let across = (u.n + ${side - 1}u) / ${side}u;
  let down = (u.m + ${side - 1}u) / ${side}u;
  let column = wg % across * ${side}u;
  let row = wg / across % down * ${side}u;
  let batch = wg / across / down;
  if (batch >= u.batches) { return; }
  let x = lid % 16u;
  let y = lid / 16u;
  ${cells((r, c) => `var sum${r}_${c} = ${bias ? `f32(bias[min(column + x + ${16 * c}u, u.n - 1u)])` : '0.0'};`)}
  for (var base = 0u; base < u.k; base += ${DEPTH}u) {
    for (var i = 0u; i < ${share}u; i++) {
      let slot = i * 256u + lid;
      { ${place(!transposeA)}
        let k = base + depth; let m = row + at;
        var value = 0.0;
        if (k < u.k && m < u.m) { value = f32(a[batch * u.strideA + ${transposeA ? 'k * u.m + m' : 'm * u.k + k'}]); }
        tileA[depth * ${side + 1}u + at] = value; }
      { ${place(transposeB)}
        let k = base + depth; let n = column + at;
        var value = 0.0;
        if (k < u.k && n < u.n) { value = f32(b[batch * u.strideB + ${transposeB ? 'n * u.k + k' : 'k * u.n + n'}]); }
        tileB[depth * ${side + 1}u + at] = value; }
    }
    workgroupBarrier();
    for (var k = 0u; k < ${DEPTH}u; k++) {
      ${each((n) => `let a${n} = tileA[k * ${side + 1}u + y + ${16 * n}u];`)}
      ${each((n) => `let b${n} = tileB[k * ${side + 1}u + x + ${16 * n}u];`)}
      ${cells((r, c) => `sum${r}_${c} += a${r} * b${c};`)}
    }
    workgroupBarrier();
  }
  ${cells((r, c) => `if (row + y + ${16 * r}u < u.m && column + x + ${16 * c}u < u.n) { c[(batch * u.m + row + y + ${16 * r}u) * u.n + column + x + ${16 * c}u] = ${dtype}(sum${r}_${c}); }`)}`,
    });
  },
);
