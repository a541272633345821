import { defineKernel, dispatch, floatBits, program, type Tensor } from '@diffad/tensor-core';
import { checkOption } from './check-option.ts';
import type { Named } from './chunks.ts';
import { type Flat, Optimizer } from './optimizer.ts';

export interface SgdOptions {
  /** Default 1e-2. */
  readonly learningRate?: number;
  /** Default 0. */
  readonly momentum?: number;
  /** Looks ahead along the velocity; needs momentum. */
  readonly nesterov?: boolean;
  /** Default 0. */
  readonly weightDecay?: number;
}

const kernel = defineKernel((nesterov: boolean, gated: boolean) =>
  program({
    name: 'sgd',
    uniforms: 'n: u32, rate: f32, momentum: f32, decay: f32',
    inputs: { grad: 'vec4<f32>', ...(gated && { verdict: 'f32' }) },
    outputs: { weight: 'vec4<f32>', velocity: 'vec4<f32>' },
    workgroupSize: 64,
    body: `
  if (gid >= u.n${gated ? ' || verdict[0] == 0.0' : ''}) { return; }
  let g = grad[gid] + u.decay * weight[gid];
  let v = u.momentum * velocity[gid] + g;
  velocity[gid] = v;
  weight[gid] -= u.rate * ${nesterov ? '(g + u.momentum * v)' : 'v'};`,
  }),
);

/** v ← μ v + g;  w ← w − η v, or with Nesterov w − η (g + μ v). Conventions of PyTorch. */
export class SGD extends Optimizer {
  readonly #options: Required<Omit<SgdOptions, 'learningRate'>>;

  constructor(parameters: Named, options: SgdOptions = {}) {
    const { learningRate = 1e-2, momentum = 0, nesterov = false, weightDecay = 0 } = options;
    checkOption('SGD', 'learningRate', learningRate, 0);
    checkOption('SGD', 'momentum', momentum, 0, 1);
    checkOption('SGD', 'weightDecay', weightDecay, 0);
    if (nesterov && momentum === 0) throw new RangeError('SGD: nesterov needs a momentum above 0');
    super(parameters, learningRate, 1);
    this.#options = { momentum, nesterov, weightDecay };
  }

  protected update({ weight, grad, slots, verdict }: Flat): void {
    const { momentum, nesterov, weightDecay } = this.#options;
    const n = Math.ceil(weight.size / 4);
    const inputs = verdict ? [grad, verdict] : [grad];
    dispatch(kernel(nesterov, verdict !== undefined), inputs, [weight, slots[0] as Tensor], {
      uniforms: [n, ...[this.learningRate, momentum, weightDecay].map(floatBits)],
      invocations: n,
      flops: 6 * weight.size,
    });
  }
}
