import { DTypeError, ShapeError } from '../errors.ts';
import { format } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** Refuses a bias whose shape is not [channels] or whose dtype is not x's: kernels read it as such. */
export function checkBias(op: string, x: Tensor, w: Tensor, bias: Tensor | null | undefined, channels: number): void {
  if (!bias) return;
  const shapes = `(input ${format(x.shape)}, weight ${format(w.shape)})`;
  if (bias.shape.length !== 1 || bias.shape[0] !== channels)
    throw new ShapeError(`${op}: bias has shape ${format(bias.shape)}, expected [${channels}] ${shapes}`);
  if (bias.dtype !== x.dtype)
    throw new DTypeError(`${op}: input is ${x.dtype}, bias is ${bias.dtype} ${shapes}; cast one of them`);
}
