import { expectDType } from '../dtype.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import { dispatch, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, broadcastShapes, format, type Shape, sameShape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { gpuMatmul } from '../wgsl/matmul/gpu.ts';
import { softwareMatmul } from '../wgsl/matmul/software.ts';
import { COLUMNS, subgroupMatmul } from '../wgsl/matmul/subgroup.ts';
import { SUBGROUP } from '../wgsl/subgroup-tile.ts';
import { addParts, emptyParts } from './cut-sum.ts';
import { elementwise } from './elementwise.ts';
import { sumTo } from './sum-to.ts';
import { tileFor } from './tiling.ts';

export interface MatmulOptions {
  /** a is stored [.., k, m] instead of [.., m, k]. */
  readonly transposeA?: boolean;
  /** b is stored [.., n, k] instead of [.., k, n]. */
  readonly transposeB?: boolean;
}

/**
 * c = a · b over the last two axes; the leading ones broadcast. a [.., m, k], b [.., k, n] -> [.., m, n].
 *
 * da = g · bᵀ;  db = aᵀ · g, each in its operand's own layout and summed over broadcast axes.
 */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions = {}): Tensor {
  checkOperands('matmul', a, b);
  return scope(() => {
    const c = product(a, b, null, transposeA, transposeB);
    return record('matmul', [a, b], c, { a, b }, (g, saved, needs) => [
      needs[0]
        ? sumTo(
            transposeA ? product(saved.b, g, null, transposeB, true) : product(g, saved.b, null, false, !transposeB),
            a.shape,
          )
        : null,
      needs[1]
        ? sumTo(
            transposeB ? product(g, saved.a, null, true, transposeA) : product(saved.a, g, null, !transposeA, false),
            b.shape,
          )
        : null,
    ]);
  });
}

function checkOperands(op: string, a: Tensor, b: Tensor): void {
  const shapes = `(a ${format(a.shape)}, b ${format(b.shape)})`;
  expectDType(op, 'a', a.dtype, ['f32', 'f16']);
  if (a.dtype !== b.dtype) throw new DTypeError(`${op}: a is ${a.dtype}, b is ${b.dtype} ${shapes}; cast one of them`);
  if (a.shape.length < 2 || b.shape.length < 2)
    throw new ShapeError(`${op}: both operands need two axes ${shapes}; reshape vectors to matrices`);
}

/** The product itself, nothing recorded; `bias` [n] is added to every row. */
export function product(a: Tensor, b: Tensor, bias: Tensor | null, transposeA: boolean, transposeB: boolean): Tensor {
  const [m, k] = matrix(a.shape, transposeA);
  const [inner, n] = matrix(b.shape, transposeB);
  if (k !== inner)
    throw new ShapeError(
      `matmul: inner extents ${k} and ${inner} differ (a ${format(a.shape)}, b ${format(b.shape)}); check the transposes`,
    );
  const leading = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  const batches = sizeOf(leading);
  const [left, right] = [spread(a, leading), spread(b, leading)];
  const strideA = left.size === m * k ? 0 : m * k;
  const strideB = right.size === k * n ? 0 : k * n;
  // One matrix b for every batch of rows: the rows of all batches are the rows of one product.
  const folded = strideB === 0 && !transposeA && batches > 1 && strideA !== 0;
  const extents = folded ? { batches: 1, m: m * batches } : { batches, m };
  const uniforms = [extents.batches, extents.m, n, k, strideA, strideB];
  const task = { ...extents, n, k, transposeA, transposeB, shape: [...leading, m, n], uniforms };
  return a.device.info.variant === 'gpu'
    ? gpuProduct(left, right, bias, task)
    : softwareProduct(left, right, bias, task);
}

interface Product {
  readonly batches: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Of the result. */
  readonly shape: Shape;
  readonly uniforms: readonly number[];
}

const flops = ({ batches, m, n, k }: Product): number => 2 * batches * m * n * k;

function gpuProduct(a: Tensor, b: Tensor, bias: Tensor | null, task: Product): Tensor {
  const { batches, m, n, k, transposeA, transposeB, shape } = task;
  const wide = (transposeA ? m : k) % 4 === 0 && (transposeB ? k : n) % 4 === 0;
  const { side, tiles, splits } = tileFor(m, n, batches, k);
  const parts = emptyParts(splits, shape, a);
  const kernel = gpuMatmul(transposeA, transposeB, side, wide, bias !== null, a.dtype, parts.dtype);
  const uniforms = [...task.uniforms, splits];
  dispatch(kernel, bias ? [a, b, bias] : [a, b], [parts], { uniforms, workgroups: tiles * splits, flops: flops(task) });
  return addParts(splits, parts, a.dtype);
}

function softwareProduct(a: Tensor, b: Tensor, bias: Tensor | null, task: Product): Tensor {
  const { batches, m, n, k, transposeA, transposeB, shape, uniforms } = task;
  const inputs = bias ? [a, b, bias] : [a, b];
  const c = Tensor.empty(shape, a.dtype, a.device);
  const options = { uniforms, flops: flops(task) };
  const wideB = !transposeB && n % 4 === 0;
  if (a.device.info.subgroupSize === SUBGROUP) {
    const rows = m > 16 ? 32 : m > 8 ? 16 : 8;
    const workgroups = batches * Math.ceil(m / rows) * Math.ceil(n / COLUMNS);
    const kernel = subgroupMatmul(rows, transposeA, transposeB, wideB, bias !== null, a.dtype);
    dispatch(kernel, inputs, [c], { ...options, workgroups });
    return c;
  }
  const wideA = !transposeA && k % 4 === 0;
  const kernel = softwareMatmul(transposeA, transposeB, wideA, wideB, bias !== null, a.dtype);
  dispatch(kernel, inputs, [c], { ...options, invocations: batches * Math.ceil(m / 8) * Math.ceil(n / 8) });
  return c;
}

function matrix(shape: Shape, transposed: boolean): [number, number] {
  const [rows, columns] = [at(shape, shape.length - 2), at(shape, shape.length - 1)];
  return transposed ? [columns, rows] : [rows, columns];
}

/** One matrix, or one for every batch: partly broadcast operands are repeated in full. */
function spread(x: Tensor, leading: Shape): Tensor {
  const own = x.shape.slice(0, -2);
  if (sizeOf(own) === 1 || sameShape(own, leading)) return x;
  return elementwise('broadcast', 'a', [x], [...leading, ...x.shape.slice(-2)], x.dtype);
}
