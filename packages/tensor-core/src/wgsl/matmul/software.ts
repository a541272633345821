import type { DType } from '../../dtype.ts';
import { defineKernel, program } from '../program.ts';
import { MATMUL_UNIFORMS } from './layout.ts';

const ROWS = 8;
const VECTORS = 2;

/**
 * Software family: an invocation makes 8 x 8 numbers of the product in registers, straight from storage.
 * `wideA` reads four k at a time of a row-major a, `wideB` four n of a row-major b; both need extents divisible by four.
 */
export const softwareMatmul = defineKernel(
  (transposeA: boolean, transposeB: boolean, wideA: boolean, wideB: boolean, bias: boolean, dtype: DType) => {
    const step = wideA ? 4 : 1;
    const repeat = (count: number, line: (n: number) => string): string =>
      Array.from({ length: count }, (_, n) => line(n)).join('\n    ');
    const loadA = (r: number): string => {
      if (wideA) return `let a${r} = vec4<f32>(a[baseA / 4u + row${r} * (u.k / 4u) + k / 4u]);`;
      return `let a${r} = f32(a[baseA + ${transposeA ? `k * u.m + row${r}` : `row${r} * u.k + k`}]);`;
    };
    const loadB = (v: number, k: number): string => {
      if (wideB)
        return `let b${k}_${v} = vec4<f32>(b[baseB / 4u + (k + ${k}u) * (u.n / 4u) + min(column / 4u + ${v}u, u.n / 4u - 1u)]);`;
      const lanes = [0, 1, 2, 3].map(
        (lane) => `f32(b[baseB + ${elementB(transposeB, `k + ${k}u`, `column${4 * v + lane}`)}])`,
      );
      return `let b${k}_${v} = vec4(${lanes.join(', ')});`;
    };
    const store = (r: number): string =>
      wideB
        ? repeat(
            VECTORS,
            (v) =>
              `if (column + ${4 * v}u < u.n) { c[(out + ${r}u * u.n) / 4u + ${v}u] = vec4<${dtype}>(sum${r}_${v}); }`,
          )
        : repeat(
            4 * VECTORS,
            (n) =>
              `if (column + ${n}u < u.n) { c[out + ${r}u * u.n + ${n}u] = ${dtype}(sum${r}_${n >> 2}[${n & 3}]); }`,
          );
    const initial = (v: number): string => {
      if (!bias) return 'vec4(0.0)';
      return `vec4(${[0, 1, 2, 3].map((lane) => `f32(bias[min(column + ${4 * v + lane}u, u.n - 1u)])`).join(', ')})`;
    };
    return program({
      name: 'matmul',
      uniforms: MATMUL_UNIFORMS,
      inputs: {
        a: wideA ? `vec4<${dtype}>` : dtype,
        b: wideB ? `vec4<${dtype}>` : dtype,
        ...(bias && { bias: dtype }),
      },
      outputs: { c: wideB ? `vec4<${dtype}>` : dtype },
      workgroupSize: 32,
      body: `
  let across = (u.n + 7u) / 8u;
  let down = (u.m + 7u) / 8u;
  if (gid >= across * down * u.batches) { return; }
  let column = gid % across * 8u;
  let row = gid / across % down * 8u;
  let batch = gid / across / down;
  let baseA = batch * u.strideA;
  let baseB = batch * u.strideB;
  ${repeat(ROWS, (r) => `let row${r} = min(row + ${r}u, u.m - 1u);`)}
  ${wideB ? '' : repeat(4 * VECTORS, (n) => `let column${n} = min(column + ${n}u, u.n - 1u);`)}
  ${repeat(VECTORS, (v) => `let start${v} = ${initial(v)};`)}
  ${repeat(ROWS * VECTORS, (n) => `var sum${n >> 1}_${n & 1} = start${n & 1};`)}
  for (var k = 0u; k < u.k; k += ${step}u) {
    ${repeat(ROWS, loadA)}
    ${repeat(
      step,
      (k) => `${repeat(VECTORS, (v) => loadB(v, k))}
    ${repeat(ROWS * VECTORS, (n) => `sum${n >> 1}_${n & 1} += a${n >> 1}${wideA ? `.${'xyzw'[k]}` : ''} * b${k}_${n & 1};`)}`,
    )}
  }
  let out = (batch * u.m + row) * u.n + column;
  ${repeat(ROWS, (r) => `if (row + ${r}u < u.m) { ${store(r)} }`)}`,
    });
  },
);

const elementB = (transposed: boolean, k: string, n: string): string =>
  transposed ? `${n} * u.k + ${k}` : `(${k}) * u.n + ${n}`;
