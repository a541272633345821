import { defineKernel, dispatch, floatBits, program, type Tensor } from '@diffad/tensor-core';
import { type Named, Optimizer } from './optimizer.ts';

export interface AdamOptions {
  /** Default 1e-3. */
  readonly learningRate?: number;
  /** Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Default 1e-8. */
  readonly eps?: number;
  /** Default 0. */
  readonly weightDecay?: number;
}

const kernel = defineKernel((decoupled: boolean) =>
  program({
    name: decoupled ? 'adamW' : 'adam',
    uniforms: 'n: u32, rate: f32, beta1: f32, beta2: f32, eps: f32, decay: f32, correction1: f32, correction2: f32',
    inputs: { grad: 'vec4<f32>' },
    outputs: { weight: 'vec4<f32>', first: 'vec4<f32>', second: 'vec4<f32>' },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  var w = weight[gid];
  ${decoupled ? 'let g = grad[gid]; w *= 1.0 - u.rate * u.decay;' : 'let g = grad[gid] + u.decay * w;'}
  let m = u.beta1 * first[gid] + (1.0 - u.beta1) * g;
  let v = u.beta2 * second[gid] + (1.0 - u.beta2) * g * g;
  first[gid] = m;
  second[gid] = v;
  weight[gid] = w - u.rate * (m / u.correction1) / (sqrt(v / u.correction2) + u.eps);`,
  }),
);

/**
 * m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  w ← w − η m̂ / (√v̂ + ε) with bias-corrected m̂, v̂.
 * Weight decay is added to the gradient. Kingma and Ba 2015.
 */
export class Adam extends Optimizer {
  readonly #options: Required<Omit<AdamOptions, 'learningRate'>>;
  protected readonly decoupled: boolean = false;

  constructor(parameters: Named, options: AdamOptions = {}) {
    const { learningRate = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0 } = options;
    super(parameters, learningRate, 2);
    this.#options = { betas, eps, weightDecay };
  }

  protected update(parameter: Tensor, grad: Tensor, [first, second]: readonly Tensor[]): void {
    const { betas, eps, weightDecay } = this.#options;
    const corrections = betas.map((beta) => 1 - beta ** this.steps);
    const n = Math.ceil(parameter.size / 4);
    dispatch(kernel(this.decoupled), [grad], [parameter, first as Tensor, second as Tensor], {
      uniforms: [n, ...[this.learningRate, ...betas, eps, weightDecay, ...corrections].map(floatBits)],
      invocations: n,
      flops: 15 * parameter.size,
    });
  }
}

/** Adam whose weight decay shrinks the weights themselves, w ← (1 − η λ) w. Loshchilov and Hutter 2019. Default decay 0.01. */
export class AdamW extends Adam {
  protected override readonly decoupled = true;

  constructor(parameters: Named, options: AdamOptions = {}) {
    super(parameters, { weightDecay: 0.01, ...options });
  }
}
