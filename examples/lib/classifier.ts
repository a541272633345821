import {
  add,
  attention,
  conv2d,
  groupNorm,
  linear,
  logSoftmax,
  mean,
  mul,
  neg,
  persist,
  Rng,
  randn,
  reshape,
  scope,
  sub,
  sum,
  type Tensor,
  tensor,
  upsampleNearest,
  valueAndGrad,
  zeros,
} from '@diffad/tensor-core';
import { SIDE } from './surfaces.ts';

const WIDTH = 16;
const RATE = 0.03;
const MOMENTUM = 0.9;

export interface Classifier {
  /** One step of gradient descent with momentum; the loss before it. */
  train(pictures: Float32Array, labels: readonly number[]): Promise<number>;
  classify(pictures: Float32Array, n: number): Promise<number[]>;
  dispose(): void;
}

/** Two convolutions with group norm and SiLU, one block of self-attention, mean over the picture, one linear layer. */
export function classifier(classes: number, seed: number): Classifier {
  const rng = new Rng(seed);
  const weight = (...shape: number[]): Tensor => {
    const inputs = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    return persist(scope(() => mul(randn(shape, rng), Math.sqrt(2 / inputs))));
  };
  const bias = (n: number, value = 0): Tensor => persist(scope(() => add(zeros([n]), value)));
  const parameters: Record<string, Tensor> = {
    conv1: weight(3, 3, 1, WIDTH),
    scale1: bias(WIDTH, 1),
    shift1: bias(WIDTH),
    conv2: weight(3, 3, WIDTH, WIDTH),
    scale2: bias(WIDTH, 1),
    shift2: bias(WIDTH),
    query: weight(WIDTH, WIDTH),
    key: weight(WIDTH, WIDTH),
    value: weight(WIDTH, WIDTH),
    head: weight(WIDTH, classes),
    headBias: bias(classes),
  };
  const velocity = Object.fromEntries(Object.entries(parameters).map(([name, p]) => [name, persist(zeros(p.shape))]));

  const at = (name: string): Tensor => parameters[name] as Tensor;
  const forward = (pictures: Tensor): Tensor => {
    const n = pictures.shape[0] as number;
    const h1 = conv2d(pictures, at('conv1'), null, { padding: 1, stride: 2 }); // [n, 8, 8, WIDTH]
    const a1 = groupNorm(h1, at('scale1'), at('shift1'), { groups: 4, activation: 'silu' });
    const h2 = conv2d(a1, at('conv2'), null, { padding: 1, stride: 2 }); // [n, 4, 4, WIDTH]
    const a2 = groupNorm(h2, at('scale2'), at('shift2'), { groups: 4, activation: 'silu' });
    const tokens = reshape(add(upsampleNearest(a2, 2), a1), [n, (SIDE / 2) ** 2, WIDTH]);
    const mixed = attention(linear(tokens, at('query')), linear(tokens, at('key')), linear(tokens, at('value')), {
      heads: 2,
    });
    return linear(mean(add(tokens, mixed), { axes: [1] }), at('head'), at('headBias')); // [n, classes]
  };
  const picturesOf = (data: Float32Array): Tensor => tensor(data, [data.length / SIDE ** 2, SIDE, SIDE, 1]);

  return {
    async train(pictures, labels) {
      const loss = scope(() => {
        const hot = tensor(
          labels.flatMap((label) => Array.from({ length: classes }, (_, c) => Number(c === label))),
          [labels.length, classes],
        );
        const x = picturesOf(pictures);
        const { value, grads } = valueAndGrad(parameters, () =>
          neg(mean(sum(mul(hot, logSoftmax(forward(x), 1)), { axes: [1] }))),
        );
        for (const [name, grad] of Object.entries(grads)) step(name, grad);
        return value;
      });
      const value = await loss.item();
      loss.dispose();
      return value;
    },
    async classify(pictures, n) {
      using logits = scope(() => forward(picturesOf(pictures)));
      const scores = await logits.read();
      return Array.from({ length: n }, (_, i) => {
        const row = Array.from(scores.subarray(i * classes, (i + 1) * classes));
        return row.indexOf(Math.max(...row));
      });
    },
    dispose() {
      for (const t of [...Object.values(parameters), ...Object.values(velocity)]) t.dispose();
    },
  };

  function step(name: string, grad: Tensor): void {
    const moved = persist(add(mul(velocity[name] as Tensor, MOMENTUM), grad));
    const next = persist(sub(at(name), mul(moved, RATE)));
    velocity[name]?.dispose();
    at(name).dispose();
    velocity[name] = moved;
    parameters[name] = next;
  }
}
