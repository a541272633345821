import {
  add,
  attention,
  concat,
  conv2d,
  type Device,
  defineKernel,
  dispatch,
  dropout,
  embedding,
  floatBits,
  groupNorm,
  linear,
  mean,
  mul,
  persist,
  program,
  Rng,
  randn,
  reshape,
  type Shape,
  scope,
  square,
  sub,
  type Tensor,
  tensor,
  upsampleNearest,
  valueAndGrad,
  withDevice,
} from '../src/index.ts';

const SIDE = 8;
const BATCH = 2;
const STEPS = 10;
const RATE = 0.02;

const shapes = {
  time: [STEPS, 16],
  enter: [3, 3, 2, 8],
  timeScale: [16, 8],
  down: [3, 3, 8, 16],
  query: [16, 16],
  key: [16, 16],
  value: [16, 16],
  up: [3, 3, 24, 8],
  leave: [3, 3, 8, 2],
} as const satisfies Record<string, Shape>;
type Weights = Record<keyof typeof shapes, Tensor>;

const descend = defineKernel(() =>
  program({
    name: 'sgd',
    uniforms: 'n: u32, rate: f32',
    inputs: { gradient: 'f32' },
    outputs: { parameter: 'f32' },
    workgroupSize: 64,
    body: 'if (gid < u.n) { parameter[gid] -= u.rate * gradient[gid]; }',
  }),
);

export interface TinyUNet {
  /** One step of the denoising loss; the loss before it, the caller's to dispose. */
  step(): Tensor;
  read(): Promise<number[][]>;
  dispose(): void;
}

/** A UNet in small that learns to tell noise from a fixed picture: time embedding, group norm, attention, skip, dropout. */
export function tinyUNet(device: Device, seed: number): TinyUNet {
  const rng = new Rng(seed);
  const make = (shape: Shape): Tensor => persist(scope(() => mul(randn(shape, rng), 0.2)));
  const { weights, clean, unit, zero } = withDevice(device, () => ({
    weights: Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, make(shape)])) as Weights,
    clean: make([BATCH, SIDE, SIDE, 2]),
    unit: tensor([1, 1, 1, 1, 1, 1, 1, 1], [8]),
    zero: tensor([0, 0, 0, 0, 0, 0, 0, 0], [8]),
  }));
  const norm = (x: Tensor): Tensor => groupNorm(x, unit, zero, { groups: 4, activation: 'silu' });

  const denoise = (noisy: Tensor, times: Tensor): Tensor => {
    const time = reshape(linear(embedding(times, weights.time), weights.timeScale), [BATCH, 1, 1, 8]);
    const high = norm(add(conv2d(noisy, weights.enter, null, { padding: 1 }), time)); // [B, 8, 8, 8]
    const low = conv2d(high, weights.down, null, { padding: 1, stride: 2 }); // [B, 4, 4, 16]
    const tokens = reshape(low, [BATCH, -1, 16]); // [B, 16, 16]
    const [q, k, v] = [weights.query, weights.key, weights.value].map((w) => linear(tokens, w)) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const mixed = reshape(add(tokens, dropout(attention(q, k, v, { heads: 2 }), 0.1, rng)), low.shape);
    const joined = concat([upsampleNearest(mixed, 2), high], 3); // [B, 8, 8, 24]
    return conv2d(norm(conv2d(joined, weights.up, null, { padding: 1 })), weights.leave, null, { padding: 1 });
  };

  const train = (): Tensor => {
    const noise = randn(clean.shape, rng);
    const times = tensor(
      Array.from({ length: BATCH }, () => rng.int(0, STEPS)),
      [BATCH],
      'i32',
    );
    const noisy = add(clean, noise);
    const { value, grads } = valueAndGrad(weights, () => mean(square(sub(denoise(noisy, times), noise))));
    for (const [name, gradient] of Object.entries(grads)) {
      const parameter = weights[name as keyof Weights];
      const uniforms = [parameter.size, floatBits(RATE)];
      dispatch(descend(), [gradient], [parameter], { uniforms, invocations: parameter.size });
    }
    return value;
  };

  return {
    step: () => withDevice(device, () => scope(train)),
    read: async () => Promise.all(Object.values(weights).map(async (w) => Array.from(await w.read()))),
    dispose() {
      for (const tensor of [...Object.values(weights), clean, unit, zero]) tensor.dispose();
    },
  };
}
