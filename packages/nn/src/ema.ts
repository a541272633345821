import { defineKernel, dispatch, floatBits, persist, program, scope, type Tensor, zeros } from '@diffad/tensor-core';
import type { Named } from './optim/optimizer.ts';

const lerp = defineKernel(() =>
  program({
    name: 'ema',
    uniforms: 'n: u32, share: f32',
    inputs: { weight: 'vec4<f32>' },
    outputs: { shadow: 'vec4<f32>' },
    workgroupSize: 64,
    body: 'if (gid < u.n) { shadow[gid] += u.share * (weight[gid] - shadow[gid]); }',
  }),
);

const exchange = defineKernel(() =>
  program({
    name: 'swap',
    uniforms: 'n: u32',
    inputs: {},
    outputs: { a: 'vec4<f32>', b: 'vec4<f32>' },
    workgroupSize: 64,
    body: 'if (gid < u.n) { let value = a[gid]; a[gid] = b[gid]; b[gid] = value; }',
  }),
);

/** A running average of parameters: shadow ← shadow + (1 − d)(weight − shadow), d = min(decay, (1 + n) / (10 + n)) at update n. Spec 1.6. */
export class Ema {
  readonly #parameters: Named;
  readonly #shadows: Named;
  readonly #decay: number;
  #updates = 0;

  constructor(parameters: Named, decay: number) {
    this.#parameters = parameters;
    this.#decay = decay;
    this.#shadows = scope(() =>
      Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, persist(zeros(shape))])),
    );
    this.#pull(1);
  }

  /** Moves the averages towards the parameters. */
  update(): void {
    this.#updates++;
    this.#pull(1 - Math.min(this.#decay, (1 + this.#updates) / (10 + this.#updates)));
  }

  #pull(share: number): void {
    for (const [weight, shadow] of this.#pairs()) {
      const n = Math.ceil(weight.size / 4);
      dispatch(lerp(), [weight], [shadow], { uniforms: [n, floatBits(share)], invocations: n, flops: 3 * weight.size });
    }
  }

  /** Exchanges parameters and averages; a second call undoes the first. */
  swap(): void {
    for (const [weight, shadow] of this.#pairs()) {
      const n = Math.ceil(weight.size / 4);
      dispatch(exchange(), [], [weight, shadow], { uniforms: [n], invocations: n });
    }
  }

  #pairs(): [Tensor, Tensor][] {
    return Object.entries(this.#parameters).map(([name, weight]) => [weight, this.#shadows[name] as Tensor]);
  }

  state(): { readonly updates: number; readonly tensors: Named } {
    return { updates: this.#updates, tensors: this.#shadows };
  }

  loadState(state: { readonly updates: number; readonly tensors: Readonly<Record<string, ArrayLike<number>>> }): void {
    for (const [name, shadow] of Object.entries(this.#shadows)) shadow.assign(state.tensors[name] as ArrayLike<number>);
    this.#updates = state.updates;
  }

  dispose(): void {
    for (const shadow of Object.values(this.#shadows)) shadow.dispose();
  }
}
