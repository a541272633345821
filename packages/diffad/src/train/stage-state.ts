import type { Ema, LoadedFile, Optimizer, Savable } from '@diffad/nn';
import type { Tensor } from '@diffad/tensor-core';
import type { StageState } from './stage.ts';

const pending = (prefix: string, tensors: Readonly<Record<string, Tensor>>): [string, Savable][] =>
  Object.entries(tensors).map(([name, tensor]) => [
    prefix + name,
    { shape: tensor.shape, dtype: tensor.dtype, load: () => tensor.read() },
  ]);

/** Optimiser and average of a stage, as they are saved. */
export function stateOf(optimizer: Optimizer, ema?: Ema): StageState {
  const { steps, tensors } = optimizer.state();
  const average = ema?.state();
  return {
    tensors: Object.fromEntries([...pending('optimizer.', tensors), ...pending('ema.', average?.tensors ?? {})]),
    counts: { optimizerSteps: steps, ...(average && { emaUpdates: average.updates }) },
  };
}

const under = (prefix: string, tensors: LoadedFile['tensors']): Record<string, ArrayLike<number>> =>
  Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, { data }]) => [name.slice(prefix.length), data]),
  );

/** The way back. */
export function restore(
  { tensors }: Pick<LoadedFile, 'tensors'>,
  counts: Readonly<Record<string, number>>,
  optimizer: Optimizer,
  ema?: Ema,
): void {
  optimizer.loadState({ steps: counts.optimizerSteps ?? 0, tensors: under('optimizer.', tensors) });
  ema?.loadState({ updates: counts.emaUpdates ?? 0, tensors: under('ema.', tensors) });
}
