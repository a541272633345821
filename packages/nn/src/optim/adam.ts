import { defineKernel, dispatch, floatBits, program, type Tensor } from '@diffad/tensor-core';
import { checkOption } from './check-option.ts';
import type { Named } from './chunks.ts';
import { type Flat, Optimizer } from './optimizer.ts';

export interface AdamOptions {
  /** Default 1e-3. */
  readonly learningRate?: number;
  /** Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Default 1e-8. */
  readonly eps?: number;
  /** Default 0; AdamW 0.01. */
  readonly weightDecay?: number;
}

/** How many vectors of four an invocation updates; on software adapters starting one costs as much as updating several. */
const VECTORS = { software: 16, gpu: 4 } as const;
const WORKGROUP = 64;

/** 1 − βᵗ for the t-th step that was taken; the host knows it unless steps may have been left out on the device. */
const countedCorrections = `
  let t = u.steps - skipped[0];
  let correction1 = 1.0 - exp2(t * log2(u.beta1));
  let correction2 = 1.0 - exp2(t * log2(u.beta2));`;

const kernel = defineKernel((decoupled: boolean, gated: boolean, counted: boolean, vectors: number) =>
  program({
    name: decoupled ? 'adamW' : 'adam',
    uniforms:
      'n: u32, rate: f32, beta1: f32, beta2: f32, eps: f32, decay: f32, steps: f32, correction1: f32, correction2: f32',
    inputs: { grad: 'vec4<f32>', ...(gated && { verdict: 'f32' }), ...(counted && { skipped: 'f32' }) },
    outputs: { weight: 'vec4<f32>', first: 'vec4<f32>', second: 'vec4<f32>' },
    workgroupSize: WORKGROUP,
    body: `
  ${gated ? 'if (verdict[0] == 0.0) { return; }' : ''}
  ${counted ? countedCorrections : 'let correction1 = u.correction1; let correction2 = u.correction2;'}
  for (var k = 0u; k < ${vectors}u; k++) {
    let i = (wg * ${vectors}u + k) * ${WORKGROUP}u + lid;
    if (i >= u.n) { return; }
    var w = weight[i];
    ${decoupled ? 'let g = grad[i]; w *= 1.0 - u.rate * u.decay;' : 'let g = grad[i] + u.decay * w;'}
    let m = u.beta1 * first[i] + (1.0 - u.beta1) * g;
    let v = u.beta2 * second[i] + (1.0 - u.beta2) * g * g;
    first[i] = m;
    second[i] = v;
    weight[i] = w - u.rate * (m / correction1) / (sqrt(v / correction2) + u.eps);
  }`,
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
    checkOption('Adam', 'learningRate', learningRate, 0);
    for (const [i, beta] of betas.entries()) checkOption('Adam', `betas[${i}]`, beta, 0, 1);
    checkOption('Adam', 'eps', eps, 0);
    checkOption('Adam', 'weightDecay', weightDecay, 0);
    super(parameters, learningRate, 2);
    this.#options = { betas, eps, weightDecay };
  }

  protected update({ weight, grad, slots, verdict, skipped }: Flat): void {
    const { betas, eps, weightDecay } = this.#options;
    const corrections = betas.map((beta) => 1 - beta ** this.steps);
    const n = Math.ceil(weight.size / 4);
    const numbers = [this.learningRate, ...betas, eps, weightDecay, this.steps, ...corrections];
    const inputs = [grad, verdict, skipped].filter((input) => input !== undefined);
    const vectors = VECTORS[weight.device.info.variant];
    const updating = kernel(this.decoupled, verdict !== undefined, skipped !== undefined, vectors);
    dispatch(updating, inputs, [weight, ...(slots as [Tensor, Tensor])], {
      uniforms: [n, ...numbers.map(floatBits)],
      invocations: Math.ceil(n / vectors),
      flops: 15 * weight.size,
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
