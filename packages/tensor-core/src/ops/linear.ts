import { expectDType } from '../dtype.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import { record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { checkBias } from './check-bias.ts';
import { product } from './matmul.ts';
import { sum } from './reduce.ts';

/**
 * y = x · w + b over the last axis. x [.., in], w [in, out], b [out] -> [.., out].
 *
 * dx = g · wᵀ;  dw = xᵀ · g;  db = Σ g over all rows.
 */
export function linear(x: Tensor, w: Tensor, b?: Tensor | null): Tensor {
  const shapes = `(input ${format(x.shape)}, weight ${format(w.shape)})`;
  if (x.shape.length < 1 || w.shape.length !== 2)
    throw new ShapeError(`linear: expected input [.., in] and weight [in, out] ${shapes}`);
  expectDType('linear', 'input', x.dtype, ['f32', 'f16']);
  if (x.dtype !== w.dtype)
    throw new DTypeError(`linear: input is ${x.dtype}, weight is ${w.dtype} ${shapes}; cast one of them`);
  const [inputs, outputs] = [at(w.shape, 0), at(w.shape, 1)];
  const features = at(x.shape, x.shape.length - 1);
  if (features !== inputs)
    throw new ShapeError(`linear: input has ${features} features, weight expects ${inputs} ${shapes}`);
  checkBias('linear', x, w, b, outputs);
  const rows = x.size / inputs;
  return scope(() => {
    const flat = product(Tensor.view(x, [rows, inputs]), w, b ?? null, false, false);
    const y = Tensor.view(flat, [...x.shape.slice(0, -1), outputs]);
    return record('linear', b ? [x, w, b] : [x, w], y, { x, w }, (g, saved, needs) => {
      const upstream = Tensor.view(g, [rows, outputs]);
      return [
        needs[0] ? Tensor.view(product(upstream, saved.w, null, false, true), x.shape) : null,
        needs[1] ? product(Tensor.view(saved.x, [rows, inputs]), upstream, null, true, false) : null,
        ...(b ? [needs[2] ? sum(upstream, { axes: [0] }) : null] : []),
      ];
    });
  });
}
