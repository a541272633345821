import { expectDType } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import type { DeviceInfo } from '../gpu/device.ts';
import { dispatch, floatBits, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { attentionKernel, keyGradientKernel, queryGradientKernel } from '../wgsl/attention/kernels.ts';
import { blockOf, type Source, tokensOf } from '../wgsl/attention/tokens.ts';
import { SUBGROUP } from '../wgsl/subgroup-tile.ts';
import { pad } from './pad.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';
import { storedAttention } from './stored-attention.ts';

export interface AttentionOptions {
  /** The last axis is this many heads side by side; widths that are multiples of four need no padding. */
  readonly heads: number;
  /** Factor of q · k; default 1 / √D with D the width of a head. */
  readonly scale?: number;
}

/** Wider heads are not held in registers: their kernels, unrolled, take long to compile on a software adapter. */
const WIDEST = 64;

/**
 * y = softmax(scale · q kᵀ) v, head by head, without ever storing the matrix of scores where heads are at most 64 wide.
 * q [B, Tq, heads·D], k and v [B, Tk, heads·D] -> [B, Tq, heads·D]. Dao et al., "FlashAttention", 2022.
 *
 * With p the softmax, recomputed from the saved logsumexp, and ds = p · (g vᵀ − Σ g·y):
 * dq = scale · ds k;  dk = scale · dsᵀ q;  dv = pᵀ g.
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, { heads, scale }: AttentionOptions): Tensor {
  const { pictures, queries, keys, width } = check(q, k, v, heads);
  const scaling = scale ?? 1 / Math.sqrt(width);
  if (width > WIDEST) return storedAttention(q, k, v, { heads, scale: scaling });
  if (width % 4 !== 0) return paddedAttention(q, k, v, { heads, scale: scaling });
  const vectors = width / 4;
  const source = sourceFor(q.device.info, vectors);
  const extents = [queries, keys, heads, floatBits(scaling)];
  const flops = 16 * pictures * heads * queries * keys * vectors;
  const grid = (tokens: number): { uniforms: number[]; workgroups: number } => {
    const workgroups = pictures * heads * Math.ceil(tokens / tokensOf(source));
    return { uniforms: [workgroups, ...extents], workgroups };
  };
  return scope(() => {
    const y = Tensor.empty(q.shape, q.dtype, q.device);
    const logsumexp = Tensor.empty([pictures, queries, heads], 'f32', q.device);
    dispatch(attentionKernel(source, vectors, q.dtype), [q, k, v], [y, logsumexp], { ...grid(queries), flops });
    return record('attention', [q, k, v], y, { q, k, v, y, logsumexp }, (g, s) => {
      const [dq, dk, dv] = [q, k, v].map(({ shape, dtype, device }) => Tensor.empty(shape, dtype, device)) as [
        Tensor,
        Tensor,
        Tensor,
      ];
      const share = Tensor.empty(logsumexp.shape, 'f32', q.device);
      dispatch(queryGradientKernel(source, vectors, q.dtype), [s.q, s.k, s.v, s.y, g, s.logsumexp], [dq, share], {
        ...grid(queries),
        flops: 1.5 * flops,
      });
      dispatch(keyGradientKernel(source, vectors, q.dtype), [s.q, s.k, s.v, g, s.logsumexp, share], [dk, dv], {
        ...grid(keys),
        flops: 2 * flops,
      });
      return [dq, dk, dv];
    });
  });
}

function sourceFor({ variant, subgroupSize }: DeviceInfo, vectors: number): Source {
  if (variant === 'gpu') return blockOf(vectors) > 0 ? 'workgroup' : 'storage';
  return subgroupSize === SUBGROUP ? 'subgroup' : 'storage';
}

/** Heads widened to a multiple of four by zeros, which add nothing to a score and come out as zeros. */
function paddedAttention(q: Tensor, k: Tensor, v: Tensor, options: Required<AttentionOptions>): Tensor {
  const { heads } = options;
  const width = at(q.shape, 2) / heads;
  const wide = 4 * Math.ceil(width / 4);
  const split = (x: Tensor, columns: number): Tensor => reshape(x, [at(x.shape, 0), at(x.shape, 1), heads, columns]);
  const merge = (x: Tensor): Tensor => reshape(x, [at(x.shape, 0), at(x.shape, 1), -1]);
  const none = [0, 0] as const;
  const widen = (x: Tensor): Tensor => merge(pad(split(x, width), [none, none, none, [0, wide - width]]));
  return scope(() => {
    const y = split(attention(widen(q), widen(k), widen(v), options), wide);
    return merge(slice(y, [0, 0, 0, 0], [...y.shape.slice(0, 3), width]));
  });
}

function check(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  heads: number,
): { pictures: number; queries: number; keys: number; width: number } {
  const shapes = `(q ${format(q.shape)}, k ${format(k.shape)}, v ${format(v.shape)})`;
  for (const [name, tensor] of Object.entries({ q, k, v })) {
    expectDType('attention', name, tensor.dtype, [q.dtype]);
    if (tensor.shape.length !== 3) throw new ShapeError(`attention: expected ${name} as [B, T, heads·D] ${shapes}`);
  }
  expectDType('attention', 'q', q.dtype, ['f32', 'f16']);
  const [pictures, queries, width] = q.shape as [number, number, number];
  const keys = at(k.shape, 1);
  if (
    at(k.shape, 0) !== pictures ||
    at(k.shape, 2) !== width ||
    k.shape.some((extent, axis) => extent !== v.shape[axis])
  )
    throw new ShapeError(`attention: k and v must be [${pictures}, Tk, ${width}] ${shapes}`);
  if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0)
    throw new ShapeError(`attention: ${width} channels do not divide into ${heads} heads ${shapes}`);
  return { pictures, queries, keys, width: width / heads };
}
