import type { Module } from './module.ts';
import { layoutOf, storedShape } from './parameter.ts';
import type { LoadedFile } from './safetensors/load.ts';
import type { PendingTensor } from './safetensors/save.ts';
import { storedTensor } from './state.ts';

type AnyModule = Module<never, unknown>;

/** The state of a module as `saveSafetensors` takes it, read from the GPU one tensor at a time; names get `prefix`. */
export const savable = (module: AnyModule, prefix = ''): Record<string, PendingTensor> =>
  Object.fromEntries(
    Object.entries(module.namedState()).map(([name, tensor]) => [
      prefix + name,
      {
        shape: storedShape(tensor.shape, layoutOf(tensor)),
        dtype: tensor.dtype,
        load: async () => (await storedTensor(tensor)).data,
      },
    ]),
  );

/** Loads what a file holds under `prefix`; the module must match name by name. PyTorch's batch counters are skipped. */
export function loadModule(module: AnyModule, { tensors }: Pick<LoadedFile, 'tensors'>, prefix = ''): void {
  const offered = Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix) && !name.endsWith('num_batches_tracked'))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
  module.loadStateDict(offered);
}
