import { ShapeError, scope, Tensor } from '@diffad/tensor-core';
import type { Named } from './chunks.ts';
import { combine, scale } from './flat-kernels.ts';
import { packedCopies } from './packing.ts';

/**
 * The mean gradient of several small batches, for a step as large as all of them together:
 * `for (...) sum.add(valueAndGrad(..).grads); optimizer.step(sum.mean())`.
 */
export class GradientAccumulator {
  #wholes: readonly Tensor[] = [];
  #parts: Named = {};
  #count = 0;

  /** Adds the gradients of one batch; they stay the caller's. */
  add(grads: Named): void {
    scope(() => {
      const { wholes, parts } = packedCopies(grads);
      if (this.#count === 0) this.#keep(wholes, parts);
      else this.#sum(wholes, parts);
    });
    this.#count++;
  }

  #keep(wholes: readonly Tensor[], parts: Named): void {
    this.#wholes = wholes.map(Tensor.alias);
    this.#parts = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, Tensor.alias(part)]));
  }

  #sum(wholes: readonly Tensor[], parts: Named): void {
    const describe = (named: Named): string =>
      Object.entries(named)
        .map(([name, { shape }]) => `${name} [${shape.join(', ')}]`)
        .join(', ');
    if (describe(parts) !== describe(this.#parts))
      throw new ShapeError(`GradientAccumulator: got ${describe(parts)} after ${describe(this.#parts)}`);
    for (const [i, whole] of wholes.entries()) combine(this.#wholes[i] as Tensor, 1, whole, 1);
  }

  /** The mean of what was added since the last call; an optimiser's step need not copy it. */
  mean(): Named {
    if (this.#count === 0) throw new RangeError('GradientAccumulator: mean() before add()');
    for (const whole of this.#wholes) scale(whole, 1 / this.#count);
    const parts = Object.entries(this.#parts).map(([name, part]): [string, Tensor] => [
      name,
      Tensor.view(part, part.shape),
    ]);
    this.dispose();
    return Object.fromEntries(parts);
  }

  /** Forgets what was added. */
  dispose(): void {
    for (const t of [...this.#wholes, ...Object.values(this.#parts)]) t.dispose();
    this.#wholes = [];
    this.#parts = {};
    this.#count = 0;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
