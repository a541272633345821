import { guardGradient } from '../nan-guard.ts';
import { atPath } from '../path.ts';
import { scope } from '../scope.ts';
import { Tensor } from '../tensor.ts';
import { accumulate } from './accumulate.ts';
import { checkGradients, type Leaf, recordOn, releaseEntry, type Tape, type TapeEntry } from './tape.ts';

/** Gradients by value id; each is held by the map alone, outside every scope. */
export type GradientMap = Map<number, Tensor>;

/** Walks the tape backwards from `seed`, the gradient of value `output`. Saves and inner gradients are freed as they are used. */
export function backward(tape: Tape, output: number, seed: Tensor): GradientMap {
  const grads: GradientMap = new Map([[output, Tensor.alias(seed)]]);
  try {
    recordOn(undefined, () => {
      for (let entry = tape.entries.pop(); entry; entry = tape.entries.pop()) step(entry, grads);
    });
    return grads;
  } catch (error) {
    for (const grad of grads.values()) grad.dispose();
    throw error;
  } finally {
    tape.release();
  }
}

function step(entry: TapeEntry, grads: GradientMap): void {
  const grad = grads.get(entry.output);
  try {
    if (grad) atPath(entry.path, () => scope(() => applyRule(entry, grad, grads)));
  } finally {
    grads.delete(entry.output);
    grad?.dispose();
    releaseEntry(entry);
  }
}

function applyRule(entry: TapeEntry, grad: Tensor, grads: GradientMap): void {
  const results = entry.rule(grad, entry.saved, entry.needs);
  checkGradients(entry, results);
  results.forEach((result, i) => {
    if (!result || !entry.needs[i]) return;
    guardGradient(entry.op, grad, entry.saved, result);
    addGradient(grads, (entry.inputs[i] as Leaf).id, result);
  });
}

function addGradient(grads: GradientMap, id: number, term: Tensor): void {
  const sum = grads.get(id);
  grads.set(id, sum ? accumulate(sum, term) : Tensor.alias(term));
}

/** The gradients of `leaves` as handles of the running scope, null where there is none; the map is used up. */
export function takeGradients(map: GradientMap, leaves: readonly Leaf[]): (Tensor | null)[] {
  const grads = leaves.map(({ id, shape }) => {
    const found = map.get(id);
    return found ? Tensor.view(found, shape) : null;
  });
  for (const grad of map.values()) grad.dispose();
  return grads;
}
