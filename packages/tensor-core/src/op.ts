import { activeTape, type Rule, type Saves } from './autograd/tape.ts';
import { guardNaN } from './nan-guard.ts';
import type { Tensor } from './tensor.ts';

export type { Saves } from './autograd/tape.ts';
export { type DispatchOptions, dispatch } from './dispatch.ts';
export { floatBits } from './gpu/recorder.ts';

/** Whether `checkpoint` runs this op a second time: what an op changes besides its output it has changed already. */
export const replaying = (): boolean => activeTape()?.replays ?? false;

/**
 * The end of every op: hands its output back, and notes on the tape, where one runs, what the gradient rule needs.
 * `saves` is what the rule reads; it is kept only if some input leads to a parameter.
 */
export function record<S extends Saves>(
  op: string,
  inputs: readonly Tensor[],
  output: Tensor,
  saves: S,
  rule: Rule<S>,
): Tensor {
  activeTape()?.add(op, inputs, output, saves, rule);
  guardNaN(op, inputs, output);
  return output;
}
