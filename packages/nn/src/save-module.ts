import type { Tensor } from '@diffad/tensor-core';
import type { Module } from './module.ts';
import { layoutOf, storedShape } from './parameter.ts';
import { STORED } from './safetensors/dtypes.ts';
import type { Entry } from './safetensors/header.ts';
import { isIndex, type LoadedFile, loadSafetensors, type Readable, withReader } from './safetensors/load.ts';
import type { PendingTensor } from './safetensors/save.ts';
import { checkState, isBatchCounter, loadStored, type StateDict, storedTensor } from './state.ts';

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

/** The name a module gives to what a file calls `name`; undefined where it is not the module's. */
const within = (name: string, prefix: string): string | undefined =>
  name.startsWith(prefix) && !isBatchCounter(name) ? name.slice(prefix.length) : undefined;

/** Loads what a file holds under `prefix`; the module must match name by name. PyTorch's batch counters are skipped. */
export function loadModule(module: AnyModule, { tensors }: Pick<LoadedFile, 'tensors'>, prefix = ''): void {
  const offered: StateDict = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const own = within(name, prefix);
    if (own !== undefined) offered[own] = tensor;
  }
  module.loadStateDict(offered);
}

/**
 * `loadModule` from a file tensor by tensor, so that no second copy of the network is ever on the host. Every name, shape and
 * dtype is checked before the first tensor is overwritten. Shards, given by the path of their index, are read whole first.
 */
export async function loadModuleFrom(module: AnyModule, file: Readable, prefix = ''): Promise<void> {
  if (isIndex(file)) return loadModule(module, await loadSafetensors(file), prefix);
  return withReader(file, async (reader) => {
    const own = module.namedState();
    const entries = reader.header.entries.flatMap((entry): [string, Entry][] => {
      const name = within(entry.name, prefix);
      return name === undefined ? [] : [[name, entry]];
    });
    const offered = entries.map(([name, { shape, stored }]) => [name, { shape, dtype: STORED[stored]?.dtype }]);
    checkState(module.constructor.name, own, Object.fromEntries(offered));
    let waiting = 0;
    for (const [name, entry] of entries) {
      const tensor = own[name] as Tensor;
      loadStored(tensor, (await reader.read(entry)).data);
      waiting += tensor.bytes;
      if (waiting < UPLOAD_BYTES) continue;
      await tensor.device.sync();
      waiting = 0;
    }
  });
}

/** The driver keeps a copy of what is uploaded until it has been done: so much is let wait. */
const UPLOAD_BYTES = 2 ** 24;
