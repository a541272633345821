import { type DType, ShapeError, type Tensor } from '@diffad/tensor-core';
import { fromStored, toStored } from './layout.ts';
import { adopt } from './optim/flat-kernels.ts';
import { type HostTensor, layoutOf, mastersOf, storedShape } from './parameter.ts';

/** Names as PyTorch spells them, arrays as PyTorch stores them. */
export type StateDict = Record<string, HostTensor>;

/** PyTorch's batch norms count their batches; ours do not need to. */
export const isBatchCounter = (name: string): boolean => /(^|\.)num_batches_tracked$/.test(name);

/** A state tensor as a checkpoint stores it. */
export async function storedTensor(tensor: Tensor): Promise<HostTensor> {
  const layout = layoutOf(tensor);
  return {
    shape: storedShape(tensor.shape, layout),
    dtype: tensor.dtype,
    data: toStored(await tensor.read(), tensor.shape, layout),
  };
}

/** Overwrites a state tensor with what a checkpoint stores for it, and what optimisers keep of it in f32 where that is something else. */
export function loadStored(tensor: Tensor, data: ArrayLike<number>): void {
  tensor.assign(fromStored(data, tensor.shape, layoutOf(tensor)));
  for (const master of mastersOf(tensor)) adopt(master, tensor);
}

interface Offered {
  readonly shape: readonly number[];
  readonly dtype?: DType;
  readonly data?: ArrayLike<number>;
}

const kindOf = (dtype: DType): string => (dtype === 'f32' || dtype === 'f16' ? 'floats' : 'integers');

/**
 * Compares what a module has with what a checkpoint offers, by name, stored shape, and whether the numbers are integers. Throws
 * ShapeError listing everything that does not fit.
 */
export function checkState(
  module: string,
  own: Readonly<Record<string, Tensor>>,
  offered: Readonly<Record<string, Offered>>,
): void {
  const expected = (name: string): string => {
    const tensor = own[name] as Tensor;
    return `[${storedShape(tensor.shape, layoutOf(tensor)).join(', ')}]`;
  };
  const both = Object.keys(own).filter((name) => Object.hasOwn(offered, name));
  const found = new Set(both.map((name) => own[name]));
  const missing = Object.keys(own).filter((name) => !found.has(own[name]));
  const unexpected = Object.keys(offered).filter((name) => !Object.hasOwn(own, name) && !isBatchCounter(name));
  const wrong = both.filter((name) => `[${offered[name]?.shape.join(', ')}]` !== expected(name));
  const torn = both.filter(
    (name) => !wrong.includes(name) && (offered[name]?.data?.length ?? own[name]?.size) !== own[name]?.size,
  );
  const unlike = both.flatMap((name) => {
    const { dtype } = own[name] as Tensor;
    const given = offered[name]?.dtype ?? dtype;
    return kindOf(given) === kindOf(dtype) ? [] : [`${name} is ${given}, expected ${kindOf(dtype)}`];
  });
  const problems = [
    ...missing.map((name) => `missing ${name} ${expected(name)}`),
    ...unexpected.map((name) => `unexpected ${name} [${offered[name]?.shape.join(', ')}]`),
    ...wrong.map((name) => `${name} is [${offered[name]?.shape.join(', ')}], expected ${expected(name)}`),
    ...torn.map((name) => `${name} ${expected(name)} comes with ${offered[name]?.data?.length} numbers`),
    ...unlike,
  ];
  if (problems.length > 0) throw new ShapeError(`${module}: the state does not fit:\n  ${problems.join('\n  ')}`);
}
