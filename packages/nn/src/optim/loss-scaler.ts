import {
  cast,
  type DType,
  defineKernel,
  dispatch,
  floatBits,
  mul,
  persist,
  program,
  scope,
  Tensor,
  tensor,
  valueAndGrad,
} from '@diffad/tensor-core';
import { checkOption } from './check-option.ts';
import type { Named } from './chunks.ts';
import { type Gate, loadTensors } from './optimizer.ts';
import { packedCopies } from './packing.ts';

export interface LossScalerOptions {
  /** The first scale; default 65536. */
  readonly scale?: number;
  /** So many finite steps in a row double the scale; default 2000. */
  readonly growthInterval?: number;
}

const LARGEST = 2 ** 24;

const unscaleKernel = defineKernel((dtype: DType) =>
  program({
    name: 'unscale',
    uniforms: 'n: u32',
    inputs: { x: dtype, scale: 'f32' },
    outputs: { y: 'f32', bad: 'atomic<u32>' },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  let g = f32(x[gid]) / scale[0];
  y[gid] = g;
  if ((bitcast<u32>(g) & 0x7f800000u) == 0x7f800000u) { atomicStore(&bad[0], 1u); }`,
  }),
);

/** One invocation: the verdict on a step, and the scale after it. */
const judgeKernel = defineKernel(() =>
  program({
    name: 'lossScale',
    uniforms: 'interval: f32',
    inputs: {},
    outputs: { bad: 'atomic<u32>', scale: 'f32', good: 'f32', verdict: 'f32' },
    workgroupSize: 1,
    body: `
  if (atomicLoad(&bad[0]) == 0u) {
    verdict[0] = 1.0;
    good[0] += 1.0;
    if (good[0] >= u.interval) { scale[0] = min(scale[0] * 2.0, ${LARGEST}.0); good[0] = 0.0; }
  } else {
    verdict[0] = 0.0;
    scale[0] = max(scale[0] * 0.5, 1.0);
    good[0] = 0.0;
  }
  atomicStore(&bad[0], 0u);`,
  }),
);

/**
 * Dynamic loss scaling for f16 networks: gradients too small for f16 are computed from a loss that is `scale` times larger, and a step
 * is left out, while the scale halves, where any gradient computed since the step before was not finite: several may be accumulated
 * for one step, and several optimisers may step in turn or on the same gradients. Everything is decided on the device; nothing is
 * read back.
 *
 *     const { value, grads } = scaler.valueAndGrad(net.namedParameters(), () => loss);   // both unscaled, f32
 *     optimizer.step(grads, scaler);
 *
 * Micikevicius et al. 2018.
 */
export class LossScaler implements Gate {
  readonly #scale: Tensor;
  readonly #good: Tensor;
  readonly #verdict: Tensor;
  readonly #bad: Tensor;
  readonly #interval: number;
  #undecided = false;

  constructor({ scale = 65536, growthInterval = 2000 }: LossScalerOptions = {}) {
    checkOption('LossScaler', 'scale', scale, 1);
    checkOption('LossScaler', 'growthInterval', growthInterval, 1);
    this.#interval = growthInterval;
    [this.#scale, this.#good, this.#verdict, this.#bad] = scope(() => [
      persist(tensor([scale], [])),
      persist(tensor([0], [])),
      persist(tensor([1], [1])),
      persist(tensor([0], [1], 'u32')),
    ]);
  }

  /** `valueAndGrad` of a scaled loss: the loss and gradients as if it had not been, in f32. Gradients may be infinite or NaN. */
  valueAndGrad(params: Named, fn: () => Tensor): { value: Tensor; grads: Named } {
    let kept: Tensor | undefined;
    try {
      return scope(() => {
        const { value: scaled, grads } = valueAndGrad(params, () => {
          const loss = cast(fn(), 'f32');
          kept = Tensor.alias(loss);
          return mul(loss, this.#scale);
        });
        const value = kept ? Tensor.view(kept, scaled.shape) : scaled;
        return { value, grads: this.#unscaled(grads) };
      });
    } finally {
      kept?.dispose();
    }
  }

  /** The gradients over the scale, side by side; one that is not finite is remembered until the step. */
  #unscaled(grads: Named): Named {
    const { parts } = packedCopies(grads, (part, grad) => this.#unscale(part, grad));
    this.#undecided = true;
    return parts;
  }

  #unscale(part: Tensor, grad: Tensor): void {
    const n = grad.size;
    dispatch(unscaleKernel(grad.dtype), [grad, this.#scale], [part, this.#bad], { uniforms: [n], invocations: n });
  }

  /** What an optimiser's step asks; it decides on the scale of the next gradients too. Until there are any, the answer stays. */
  judge(): Tensor {
    if (this.#undecided)
      dispatch(judgeKernel(), [], [this.#bad, this.#scale, this.#good, this.#verdict], {
        uniforms: [floatBits(this.#interval)],
        workgroups: 1,
      });
    this.#undecided = false;
    return this.#verdict;
  }

  /** The scale and the count of finite steps since it changed: what a run resumed between two steps needs. */
  state(): { readonly tensors: Named } {
    return { tensors: { scale: this.#scale, good: this.#good } };
  }

  loadState(state: { readonly tensors: Readonly<Record<string, ArrayLike<number>>> }): void {
    loadTensors('LossScaler', this.state().tensors, state.tensors);
    this.#bad.assign([0]);
    this.#undecided = false;
  }

  dispose(): void {
    for (const t of [this.#scale, this.#good, this.#verdict, this.#bad]) t.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
