import type { Array as JaxArray } from '@jax-js/jax';
import type { Ops } from '../ops.ts';

type Jax = typeof import('@jax-js/jax');

/** Written for tracing: every operand is referenced, none used up. Pictures [B, C, H, W], kernels [out, in, kh, kw]. */
export function jaxOps({ numpy: np, nn, lax }: Jax): Ops<JaxArray> {
  const perChannel = (v: JaxArray): JaxArray => v.ref.reshape([1, v.size, 1, 1]);
  const shapeOf = ({ shape }: JaxArray) => shape as [number, number, number, number];
  const linear = (x: JaxArray, w: JaxArray, b: JaxArray): JaxArray => np.matmul(x.ref, w.ref).add(b.ref);
  const cut = (x: JaxArray, axis: number, at: readonly number[]): JaxArray[] => np.split(x.ref, [...at], axis);
  return {
    add: (a, b) => a.ref.add(b.ref),
    sub: (a, b) => a.ref.sub(b.ref),
    mul: (a, b) => a.ref.mul(b.ref),
    scale: (x, factor) => x.ref.mul(factor),
    shift: (x, term) => x.ref.add(term),
    exp: (x) => np.exp(x.ref),
    abs: (x) => np.abs(x.ref),
    square: (x) => np.square(x.ref),
    clamp: (x, low, high) => np.clip(x.ref, low, high),
    silu: (x) => nn.silu(x.ref),
    relu: (x) => nn.relu(x.ref),
    sum: (x) => np.sum(x.ref),
    mean: (x) => np.mean(x.ref),
    matmul: (a, b) => np.matmul(a.ref, b.ref),
    softmax: (x) => nn.softmax(x.ref, -1),
    linear,
    attention(q, k, v, heads) {
      const [pictures = 1, tokens = 1, channels = 1] = q.shape;
      const split = (x: JaxArray, order: number[]): JaxArray =>
        x.ref.reshape([pictures, tokens, heads, channels / heads]).transpose(order);
      const scores = np.matmul(split(q, [0, 2, 1, 3]), split(k, [0, 2, 3, 1])).mul(1 / Math.sqrt(channels / heads));
      const mixed = np.matmul(nn.softmax(scores, -1), split(v, [0, 2, 1, 3]));
      return mixed.transpose([0, 2, 1, 3]).reshape(q.shape);
    },
    unpackHeads(packed, heads) {
      const [pictures = 1, tokens = 1, channels = 1] = packed.shape;
      const apart = packed.ref.reshape([pictures, tokens, heads, 3, channels / heads / 3]);
      return np.split(apart, 3, 3).map((x) => x.reshape([pictures, tokens, channels / 3])) as [
        JaxArray,
        JaxArray,
        JaxArray,
      ];
    },
    conv2d(x, w, b, { stride = 1, padding: [top, bottom, left, right] }) {
      const padding: [number, number][] = [
        [top, bottom],
        [left, right],
      ];
      const y = lax.convGeneralDilated(x.ref, w.ref, [stride, stride], padding);
      return b ? y.add(perChannel(b)) : y;
    },
    pointwise(x, w, b) {
      const [inputs = 1, outputs = 1] = w.shape;
      const kernel = w.ref.transpose().reshape([outputs, inputs, 1, 1]);
      return lax.convGeneralDilated(x.ref, kernel, [1, 1], 'VALID').add(perChannel(b));
    },
    addVector: (x, vector) => x.ref.add(vector.ref.reshape([...vector.shape, 1, 1])),
    groupNorm(x, gamma, beta, groups, eps) {
      const [pictures, ...rest] = x.shape as [number, ...number[]];
      const grouped = x.ref.reshape([pictures, groups, rest.reduce((a, b) => a * b, 1) / groups]);
      const normal = nn.standardize(grouped, -1, { epsilon: eps }).reshape(x.shape);
      return normal.mul(perChannel(gamma)).add(perChannel(beta));
    },
    batchNorm(x, { weight, bias, mean, variance }) {
      const factor = weight.ref.div(np.sqrt(variance.ref.add(1e-5)));
      const term = bias.ref.sub(mean.ref.mul(factor.ref));
      return x.ref.mul(perChannel(factor)).add(perChannel(term));
    },
    concat: (parts) =>
      np.concatenate(
        parts.map((x) => x.ref),
        1,
      ),
    split(x, channels) {
      const ends = channels.map((_, i) => channels.slice(0, i + 1).reduce((a, b) => a + b, 0));
      return cut(x, 1, ends.slice(0, -1));
    },
    stack: (parts) =>
      np.concatenate(
        parts.map((x) => x.ref),
        0,
      ),
    halves: (x) => cut(x, 0, [(x.shape[0] as number) / 2]) as [JaxArray, JaxArray],
    upsampleNearest(x) {
      const [b, c, h, w] = shapeOf(x);
      return np.broadcastTo(x.ref.reshape([b, c, h, 1, w, 1]), [b, c, h, 2, w, 2]).reshape([b, c, 2 * h, 2 * w]);
    },
    upsampleBilinear(x) {
      const [, , h, w] = shapeOf(x);
      // matmul broadcasts its second operand only, so the rows are turned into columns and back.
      const doubled = (y: JaxArray, n: number): JaxArray => np.matmul(y, np.array(doubling(n), { shape: [n, 2 * n] }));
      const flip = [0, 1, 3, 2];
      return doubled(doubled(x.ref, w).transpose(flip), h).transpose(flip);
    },
    maxPool(x) {
      const [b, c, h, w] = shapeOf(x);
      return np.max(x.ref.reshape([b, c, h / 2, 2, w / 2, 2]), [3, 5]);
    },
    differences(x, along) {
      const axis = along === 'rows' ? 2 : 3;
      const extent = x.shape[axis] as number;
      const [, after] = cut(x, axis, [1]) as [JaxArray, JaxArray];
      const [before] = cut(x, axis, [extent - 1]) as [JaxArray, JaxArray];
      return after.sub(before);
    },
    tokens(x) {
      const [b, c, h, w] = shapeOf(x);
      return x.ref.reshape([b, c, h * w]).transpose([0, 2, 1]);
    },
    pictures(tokens, height, width) {
      const [b = 1, , c = 1] = tokens.shape;
      return tokens.ref.transpose([0, 2, 1]).reshape([b, c, height, width]);
    },
  };
}

/** The matrix [n, 2n] that doubles n samples by linear interpolation, the first and last kept where they are. */
function doubling(n: number): Float32Array {
  const matrix = new Float32Array(2 * n * n);
  for (let column = 0; column < 2 * n; column++) {
    const place = (column * (n - 1)) / (2 * n - 1);
    const below = Math.min(Math.floor(place), n - 1);
    const above = Math.min(below + 1, n - 1);
    const share = place - below;
    for (const [row, weight] of [
      [below, 1 - share],
      [above, share],
    ] as const)
      matrix[row * 2 * n + column] = (matrix[row * 2 * n + column] as number) + weight;
  }
  return matrix;
}
