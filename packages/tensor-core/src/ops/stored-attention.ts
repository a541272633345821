import { scope } from '../scope.ts';
import { at } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import type { AttentionOptions } from './attention.ts';
import { mul } from './binary.ts';
import { matmul } from './matmul.ts';
import { permute } from './permute.ts';
import { reshape } from './reshape.ts';
import { softmax } from './softmax.ts';

/** Attention that stores its scores [B, heads, Tq, Tk], op by op: for heads too wide for the registers of an invocation. */
export function storedAttention(q: Tensor, k: Tensor, v: Tensor, { heads, scale }: Required<AttentionOptions>): Tensor {
  const split = (x: Tensor): Tensor => permute(reshape(x, [at(x.shape, 0), at(x.shape, 1), heads, -1]), [0, 2, 1, 3]);
  return scope(() => {
    const scores = matmul(split(mul(q, scale)), split(k), { transposeB: true });
    return reshape(permute(matmul(softmax(scores, -1), split(v)), [0, 2, 1, 3]), q.shape);
  });
}
