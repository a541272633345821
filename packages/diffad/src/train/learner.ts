import { clipGradNorm, linearWarmUp, type Named, type Optimizer, type Schedule, stepwise } from '@diffad/nn';
import { scope, type Tensor, valueAndGrad } from '@diffad/tensor-core';
import type { StageConfig } from '../config/schema.ts';

/** The learning rate of a stage: linear warm-up over a fifth of the steps at most, then falls at shares of them. */
export const rateOf = ({ learningRate, warmUp, milestones, decay, steps }: StageConfig): Schedule => {
  const falling = stepwise(
    learningRate,
    milestones.map((share) => share * steps),
    decay,
  );
  const rising = Math.min(warmUp, Math.floor(steps / 5));
  return rising > 0 ? linearWarmUp(rising, falling) : falling;
};

/** Parameters with the optimiser that moves them. */
export class Learner {
  readonly parameters: Named;
  readonly optimizer: Optimizer;
  readonly #rate: Schedule;
  readonly #clip: number | null;

  constructor(parameters: Named, optimizer: Optimizer, rate: Schedule, clip: number | null = null) {
    this.parameters = parameters;
    this.optimizer = optimizer;
    this.#rate = rate;
    this.#clip = clip;
  }

  /** One step down the gradient of `loss`; returns the loss before it. */
  step(step: number, loss: () => Tensor): Tensor {
    return scope(() => {
      const { value, grads } = valueAndGrad(this.parameters, loss);
      this.optimizer.learningRate = this.#rate(step);
      this.optimizer.step(this.#clip === null ? grads : clipGradNorm(grads, this.#clip));
      return value;
    });
  }
}
