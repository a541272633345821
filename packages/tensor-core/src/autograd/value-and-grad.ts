import { expectDType } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { fill } from '../fill.ts';
import { scope } from '../scope.ts';
import { format } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { backward, takeGradients } from './backward.ts';
import { activeTape, recordOn, Tape } from './tape.ts';

type Params = readonly Tensor[] | Readonly<Record<string, Tensor>>;
export type GradientsOf<P extends Params> = { -readonly [K in keyof P]: Tensor };

/**
 * The scalar `fn()` returns and its gradient with respect to every tensor of `params`, in the same structure;
 * zeros where the value does not depend on one. The only thing that records; first order only.
 * Freezing a network is leaving its parameters out of `params`.
 */
export function valueAndGrad<const P extends Params>(
  params: P,
  fn: () => Tensor,
): { value: Tensor; grads: GradientsOf<P> } {
  if (activeTape()) throw new TypeError('valueAndGrad: called inside valueAndGrad; gradients are first order only');
  const leaves: [string, Tensor][] = Object.entries(params);
  for (const [name, { dtype }] of leaves) expectDType('valueAndGrad', `parameter ${name}`, dtype, ['f32', 'f16']);
  return scope(() => {
    const tape = new Tape(leaves.map(([, leaf]) => leaf.id));
    try {
      const value = recordOn(tape, () => scope(fn));
      checkScalar(value);
      const grads = gradientsOf(tape, value, leaves);
      return { value, grads: (Array.isArray(params) ? Object.values(grads) : grads) as GradientsOf<P> };
    } finally {
      tape.release();
    }
  });
}

function checkScalar(value: unknown): asserts value is Tensor {
  if (!(value instanceof Tensor)) throw new TypeError('valueAndGrad: fn must return a tensor, the loss');
  if (value.size !== 1)
    throw new ShapeError(
      `valueAndGrad: the loss must have one element, got shape ${format(value.shape)}; reduce it with mean() or sum()`,
    );
}

function gradientsOf(tape: Tape, value: Tensor, leaves: readonly [string, Tensor][]): Record<string, Tensor> {
  const seed = fill(Tensor.empty(value.shape, value.dtype, value.device), 1);
  const found = takeGradients(
    backward(tape, value.id, seed),
    leaves.map(([, leaf]) => leaf),
  );
  return Object.fromEntries(
    leaves.map(([name, leaf], i) => [name, found[i] ?? fill(Tensor.empty(leaf.shape, leaf.dtype, leaf.device), 0)]),
  );
}
