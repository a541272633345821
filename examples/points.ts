/** Diffusion in the plane: a small net learns the noise in points of a ring; DDPM and DDIM then make rings from nothing. */
import { AdamW, cosine, Ema, Linear, Module, mse, Sequential, SiLU, timestepEmbedding } from '@diffad/nn';
import { add, concat, init, mul, Rng, randn, scope, sub, type Tensor, tensor, valueAndGrad } from '@diffad/tensor-core';

const T = 100;
/** ᾱ_t = Π (1 − β): what is left of the signal's variance after t + 1 steps. */
const alphaBar: number[] = [];
for (let t = 0; t < T; t++) alphaBar.push((alphaBar[t - 1] ?? 1) * (1 - (1e-3 + (0.1 - 1e-3) * (t / (T - 1)))));
const left = (t: number): number => (t < 0 ? 1 : (alphaBar[t] as number));

class Denoiser extends Module<[points: Tensor, times: readonly number[]]> {
  readonly layers: Sequential;

  constructor(rng: Rng) {
    super();
    const widths = [2 + 16, 64, 64, 64];
    const hidden = widths.slice(1).flatMap((width, i) => [new Linear(widths[i] as number, width, { rng }), SiLU()]);
    this.layers = new Sequential(...hidden, new Linear(64, 2, { rng }));
  }

  protected forward(points: Tensor, times: readonly number[]): Tensor {
    return this.layers.call(concat([points, timestepEmbedding(times, 16)], 1)); // [B, 2] the noise
  }
}

await init();
const rng = new Rng(1);
const net = new Denoiser(rng);
const optimizer = new AdamW(net.namedParameters());
const ema = new Ema(net, 0.99);
const STEPS = 2000;
const BATCH = 256;
const rate = cosine(4e-3, STEPS);
const column = (values: readonly number[]): Tensor => tensor(values, [values.length, 1]);

for (let step = 0; step < STEPS; step++)
  scope(() => {
    const angles = Array.from({ length: BATCH }, () => rng.uniform(0, 2 * Math.PI));
    const clean = tensor(
      angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]),
      [BATCH, 2],
    );
    const times = angles.map(() => rng.int(0, T));
    const noise = randn([BATCH, 2], rng);
    const noisy = add(
      mul(clean, column(times.map((t) => Math.sqrt(left(t))))),
      mul(noise, column(times.map((t) => Math.sqrt(1 - left(t))))),
    );
    optimizer.learningRate = rate(step);
    optimizer.step(valueAndGrad(net.namedParameters(), () => mse(net.call(noisy, times), noise)).grads);
    ema.update();
  });
ema.swap();

/** Walks from noise at times[0] down to the data; eta 0 is DDIM, eta 1 with every step DDPM. Song et al. 2021, equation 12. */
function sample(count: number, times: readonly number[], eta: number): Tensor {
  return scope(() =>
    times.reduce(
      (z, t, k) => {
        const [a, b] = [left(t), left(times[k + 1] ?? -1)];
        const sigma = eta * Math.sqrt(((1 - b) / (1 - a)) * (1 - a / b));
        return scope(() => {
          const noise = net.call(z, new Array<number>(count).fill(t));
          const clean = mul(sub(z, mul(noise, Math.sqrt(1 - a))), 1 / Math.sqrt(a));
          const next = add(mul(clean, Math.sqrt(b)), mul(noise, Math.sqrt(1 - b - sigma ** 2)));
          return sigma > 0 ? add(next, mul(randn([count, 2], rng), sigma)) : next;
        });
      },
      randn([count, 2], rng),
    ),
  );
}

const all = Array.from({ length: T }, (_, i) => T - 1 - i);
const tenth = all.filter((_, i) => i % 10 === 0);
for (const [name, times, eta] of [
  ['DDPM', all, 1],
  ['DDIM', tenth, 0],
] as const) {
  const points = await sample(400, times, eta).read();
  const place = Array.from({ length: 400 }, (_, i) => [points[2 * i] as number, points[2 * i + 1] as number] as const);
  const off = place.reduce((total, [x, y]) => total + Math.abs(Math.hypot(x, y) - 1) / place.length, 0);
  const sectorOf = (x: number, y: number): number => Math.floor(((Math.atan2(y, x) / Math.PI + 1) * 4) % 8);
  const sectors = Array.from({ length: 8 }, (_, k) => place.filter(([x, y]) => sectorOf(x, y) === k).length);
  console.log(
    `${name}, ${times.length} steps: ${off.toFixed(3)} off the ring on average, sectors ${sectors.join(' ')}`,
  );
  if (off > 0.15) throw new Error(`${name}: expected points within 0.15 of the ring`);
  if (Math.min(...sectors) < 20) throw new Error(`${name}: expected points all around the ring`);
}
