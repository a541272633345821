import { defineKernel, dispatch, floatBits, program, type Tensor } from '@diffad/tensor-core';
import { type Named, Optimizer } from './optimizer.ts';

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

const kernel = defineKernel((nesterov: boolean) =>
  program({
    name: 'sgd',
    uniforms: 'n: u32, rate: f32, momentum: f32, decay: f32',
    inputs: { grad: 'vec4<f32>' },
    outputs: { weight: 'vec4<f32>', velocity: 'vec4<f32>' },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
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
    if (nesterov && momentum === 0) throw new RangeError('SGD: nesterov needs a momentum above 0');
    super(parameters, learningRate, 1);
    this.#options = { momentum, nesterov, weightDecay };
  }

  protected update(parameter: Tensor, grad: Tensor, [velocity]: readonly Tensor[]): void {
    const { momentum, nesterov, weightDecay } = this.#options;
    const n = Math.ceil(parameter.size / 4);
    dispatch(kernel(nesterov), [grad], [parameter, velocity as Tensor], {
      uniforms: [n, ...[this.learningRate, momentum, weightDecay].map(floatBits)],
      invocations: n,
      flops: 6 * parameter.size,
    });
  }
}
