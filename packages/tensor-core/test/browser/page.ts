import {
  conv2d,
  init,
  mean,
  memory,
  mul,
  persist,
  Rng,
  randn,
  scope,
  square,
  sub,
  tensor,
  valueAndGrad,
  zeros,
} from '@diffad/tensor-core';

export const SHARPEN = [0, -1, 0, -1, 5, -1, 0, -1, 0];

/** Finds the kernel behind a convolution by gradient descent, and tells how. */
export async function fit(steps: number) {
  const { info } = await init();
  const rng = new Rng(3);
  using pictures = randn([4, 8, 8, 1], rng);
  const normals = Array.from(await pictures.read()).slice(0, 8);
  using sharpened = scope(() => conv2d(pictures, tensor(SHARPEN, [3, 3, 1, 1]), null, { padding: 1 }));
  let kernel = persist(zeros([3, 3, 1, 1]));
  const losses: number[] = [];
  const memories: string[] = [];
  for (let step = 0; step < steps; step++) {
    using loss = scope(() => {
      const { value, grads } = valueAndGrad({ kernel }, () =>
        mean(square(sub(conv2d(pictures, kernel, null, { padding: 1 }), sharpened))),
      );
      const next = persist(sub(kernel, mul(grads.kernel, 0.3)));
      kernel.dispose();
      kernel = next;
      return value;
    });
    losses.push(await loss.item());
    memories.push(JSON.stringify(memory()));
  }
  const found = Array.from(await kernel.read());
  kernel.dispose();
  return { adapter: info.adapter, normals, losses, memories, found };
}

Object.assign(globalThis, { fit });
