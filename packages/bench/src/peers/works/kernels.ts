import { Rng } from '@diffad/tensor-core';
import type { Host, Lookup, Ops, Work } from '../work.ts';
import { normals } from './hosts.ts';

/** An op and how its operands lie. */
interface Op {
  readonly name: string;
  readonly operands: Readonly<Record<string, Host>>;
  readonly result: Work['result'];
  readonly flops?: number;
  readonly tolerance: number;
  readonly run: <T>(ops: Ops<T>, get: Lookup<T>) => T;
}

/** Every op forward, and with the gradients by all its operands of a random weighted sum of its result. */
function both(op: Op, rng: Rng): Work[] {
  const { name, operands, result, tolerance, flops, run } = op;
  const weights = normals(rng, result.shape, result.role);
  const shared = { parameters: operands, result, tolerance };
  return [
    { ...shared, name: `${name}, forward`, kind: 'forward', inputs: {}, compute: run, ...(flops && { flops }) },
    {
      ...shared,
      name: `${name}, forward and gradients`,
      kind: 'gradients',
      inputs: { weights },
      compute: (ops, get) => ops.sum(ops.mul(run(ops, get), get('weights'))),
      ...(flops && { flops: 3 * flops }),
    },
  ];
}

export interface Sizes {
  readonly pictures: number;
  readonly side: number;
  readonly channels: number;
  readonly square: number;
  readonly tokens: number;
  readonly heads: number;
  readonly headChannels: number;
  readonly groups: number;
}

export const SIZES: Sizes = {
  pictures: 8,
  side: 32,
  channels: 64,
  square: 512,
  tokens: 1024,
  heads: 8,
  headChannels: 32,
  groups: 8,
};

const PADDING = { padding: [1, 1, 1, 1] } as const;

/** The ops the networks spend their time in. */
export function kernelWorks(sizes: Sizes = SIZES): Work[] {
  const rng = new Rng(1);
  return [convolution, product, softmax, attention, groupNorm].flatMap((op) => both(op(sizes, rng), rng));
}

function convolution({ pictures, side, channels }: Sizes, rng: Rng): Op {
  const shape = [pictures, side, side, channels];
  return {
    name: `conv2d 3x3, ${shape.join('x')} -> ${channels}`,
    operands: { x: normals(rng, shape, 'pictures'), w: normals(rng, [3, 3, channels, channels], 'kernel') },
    result: { role: 'pictures', shape },
    flops: 18 * pictures * side ** 2 * channels ** 2,
    tolerance: 1e-4,
    run: (ops, get) => ops.conv2d(get('x'), get('w'), null, PADDING),
  };
}

function product({ square }: Sizes, rng: Rng): Op {
  const shape = [square, square];
  return {
    name: `matmul, ${square} cubed`,
    operands: { a: normals(rng, shape), b: normals(rng, shape) },
    result: { role: 'plain', shape },
    flops: 2 * square ** 3,
    tolerance: 1e-4,
    run: (ops, get) => ops.matmul(get('a'), get('b')),
  };
}

function softmax({ tokens }: Sizes, rng: Rng): Op {
  const shape = [tokens, tokens];
  return {
    name: `softmax, rows of ${tokens}`,
    operands: { x: normals(rng, shape) },
    result: { role: 'plain', shape },
    tolerance: 1e-4,
    run: (ops, get) => ops.softmax(get('x')),
  };
}

function attention({ tokens, heads, headChannels }: Sizes, rng: Rng): Op {
  const shape = [1, tokens, heads * headChannels];
  return {
    name: `attention, ${tokens} tokens, ${heads} heads of ${headChannels}`,
    operands: { q: normals(rng, shape), k: normals(rng, shape), v: normals(rng, shape) },
    result: { role: 'plain', shape },
    flops: 4 * tokens ** 2 * heads * headChannels,
    tolerance: 1e-4,
    run: (ops, get) => ops.attention(get('q'), get('k'), get('v'), heads),
  };
}

function groupNorm({ pictures, side, channels, groups }: Sizes, rng: Rng): Op {
  const shape = [pictures, side, side, channels];
  return {
    name: `group norm and SiLU, ${shape.join('x')} in ${groups} groups`,
    operands: { x: normals(rng, shape, 'pictures'), gamma: normals(rng, [channels]), beta: normals(rng, [channels]) },
    result: { role: 'pictures', shape },
    tolerance: 1e-4,
    run: (ops, get) => ops.silu(ops.groupNorm(get('x'), get('gamma'), get('beta'), groups, 1e-5)),
  };
}
