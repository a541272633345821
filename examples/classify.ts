/** Teaches a small conv net to tell generated pictures of discs, squares and stripes apart, and checks it on pictures it has not seen. */
import {
  AdamW,
  BatchNorm2d,
  Conv2d,
  cosine,
  Lambda,
  Linear,
  MaxPool2d,
  type Module,
  ReLU,
  Sequential,
} from '@diffad/nn';
import {
  argmax,
  init,
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  Rng,
  reshape,
  scope,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
} from '@diffad/tensor-core';

const SIZE = 16;
const CLASSES = ['disc', 'square', 'stripes'] as const;
type Shade = (x: number, y: number) => boolean;

/** Grey pictures [count, 16, 16, 1] of random place, size and noise, and the class of each. */
function draw(count: number, rng: Rng): { pictures: Tensor; labels: number[] } {
  const labels = Array.from({ length: count }, () => rng.int(0, CLASSES.length));
  const data = labels.flatMap((label) => {
    const [u, v, size] = [rng.uniform(6, 10), rng.uniform(6, 10), rng.uniform(3, 5.5)];
    const [wave, angle] = [rng.uniform(3, 5), rng.uniform(0, Math.PI)];
    const shades: Shade[] = [
      (x, y) => Math.hypot(x - u, y - v) < size,
      (x, y) => Math.max(Math.abs(x - u), Math.abs(y - v)) < size,
      (x, y) => Math.sin((2 * Math.PI * (x * Math.cos(angle) + y * Math.sin(angle))) / wave) > 0,
    ];
    const noise = rng.normals(SIZE * SIZE);
    return Array.from(noise, (n, i) => Number(shades[label]?.(i % SIZE, Math.floor(i / SIZE))) - 0.5 + 0.2 * n);
  });
  return { pictures: tensor(data, [count, SIZE, SIZE, 1]), labels };
}

/** −log of the probability given to the true class, averaged. */
const crossEntropy = (logits: Tensor, labels: readonly number[]): Tensor => {
  const truth = oneHot(tensor(labels, [labels.length], 'i32'), CLASSES.length);
  return neg(mean(sum(mul(logSoftmax(logits, 1), truth), { axes: [1] })));
};

await init();
const rng = new Rng(1);
const net: Module = new Sequential(
  new Conv2d(1, 8, 3, { padding: 1, rng }),
  new BatchNorm2d(8),
  ReLU(),
  new MaxPool2d(2),
  new Conv2d(8, 16, 3, { padding: 1, rng }),
  new BatchNorm2d(16),
  ReLU(),
  new MaxPool2d(2),
  new Lambda((h) => reshape(h, [h.shape[0] as number, 4 * 4 * 16])),
  new Linear(4 * 4 * 16, CLASSES.length, { rng }),
);
const optimizer = new AdamW(net.namedParameters());
const STEPS = 150;
const rate = cosine(0.01, STEPS);
for (let step = 0; step < STEPS; step++)
  scope(() => {
    const { pictures, labels } = draw(32, rng);
    optimizer.learningRate = rate(step);
    optimizer.step(valueAndGrad(net.namedParameters(), () => crossEntropy(net.call(pictures), labels)).grads);
  });

net.eval();
const { pictures, labels } = draw(300, new Rng(2));
const answers = await scope(() => argmax(net.call(pictures), 1)).read();
const right = labels.filter((label, i) => label === answers[i]).length / labels.length;
console.log(`${(100 * right).toFixed(1)} % of ${labels.length} new pictures are named right`);
if (right < 0.95) throw new Error('expected at least 95 %');
