import type * as tfjs from '@tensorflow/tfjs-core';
import type { Ops } from '../ops.ts';

type Tf = typeof tfjs;
type Tensor = tfjs.Tensor;

const rank4 = (x: Tensor): tfjs.Tensor4D => x as tfjs.Tensor4D;
const shapeOf = (x: Tensor): [number, number, number, number] => rank4(x).shape;

/** Pictures [B, H, W, C], kernels [kh, kw, in, out]; what is made in between ends with the `tidy` around. */
export function tfjsOps(tf: Tf): Ops<Tensor> {
  const linear = (x: Tensor, w: Tensor, b: Tensor): Tensor => {
    const channels = x.shape.at(-1) as number;
    const rows = tf.matMul(tf.reshape(x, [-1, channels]), w);
    return tf.reshape(tf.add(rows, b), [...x.shape.slice(0, -1), w.shape[1] as number]);
  };
  return {
    add: tf.add,
    sub: tf.sub,
    mul: tf.mul,
    scale: tf.mul,
    shift: tf.add,
    exp: tf.exp,
    abs: tf.abs,
    square: tf.square,
    clamp: tf.clipByValue,
    silu: (x) => tf.mul(x, tf.sigmoid(x)),
    relu: tf.relu,
    sum: (x) => tf.sum(x),
    mean: (x) => tf.mean(x),
    matmul: (a, b) => tf.matMul(a, b),
    softmax: (x) => tf.softmax(x),
    linear,
    attention(q, k, v, heads) {
      const [pictures = 1, tokens = 1, channels = 1] = q.shape;
      const split = (x: Tensor): Tensor =>
        tf.transpose(tf.reshape(x, [pictures, tokens, heads, channels / heads]), [0, 2, 1, 3]);
      const scores = tf.mul(tf.matMul(split(q), split(k), false, true), 1 / Math.sqrt(channels / heads));
      const mixed = tf.matMul(tf.softmax(scores), split(v));
      return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), q.shape);
    },
    unpackHeads(packed, heads) {
      const [pictures = 1, tokens = 1, channels = 1] = packed.shape;
      const apart = tf.reshape(packed, [pictures, tokens, heads, 3, channels / heads / 3]);
      const parts = tf.split(apart, 3, 3).map((x) => tf.reshape(x, [pictures, tokens, channels / 3]));
      return parts as [Tensor, Tensor, Tensor];
    },
    conv2d(x, w, b, { stride = 1, padding: [top, bottom, left, right] }) {
      const padding: tfjs.backend_util.ExplicitPadding = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      const y = tf.conv2d(rank4(x), rank4(w), stride, padding);
      return b ? tf.add(y, b) : y;
    },
    pointwise: linear,
    addVector: (x, vector) => tf.add(x, tf.reshape(vector, [vector.shape[0] as number, 1, 1, -1])),
    groupNorm(x, gamma, beta, groups, eps) {
      const [b, h, w, c] = shapeOf(x);
      const grouped = tf.reshape(x, [b, h * w, groups, c / groups]);
      const { mean, variance } = tf.moments(grouped, [1, 3], true);
      const normal = tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, eps)));
      return tf.add(tf.mul(tf.reshape(normal, x.shape), gamma), beta);
    },
    batchNorm: (x, { weight, bias, mean, variance }) =>
      tf.batchNorm(rank4(x), ...([mean, variance, bias, weight] as tfjs.Tensor1D[] as Vectors), 1e-5),
    concat: (parts) => tf.concat([...parts], 3),
    split: (x, channels) => tf.split(x, [...channels], 3),
    stack: (parts) => tf.concat([...parts], 0),
    halves: (x) => tf.split(x, 2, 0) as [Tensor, Tensor],
    upsampleNearest(x) {
      const [, h, w] = shapeOf(x);
      return tf.image.resizeNearestNeighbor(rank4(x), [2 * h, 2 * w]);
    },
    upsampleBilinear(x) {
      const [, h, w] = shapeOf(x);
      return tf.image.resizeBilinear(rank4(x), [2 * h, 2 * w], true);
    },
    maxPool: (x) => tf.maxPool(rank4(x), 2, 2, 'valid'),
    differences(x, along) {
      const [b, h, w, c] = shapeOf(x);
      const [dy, dx] = along === 'rows' ? [1, 0] : [0, 1];
      const size = [b, h - dy, w - dx, c];
      return tf.sub(tf.slice(x, [0, dy, dx, 0], size), tf.slice(x, [0, 0, 0, 0], size));
    },
    tokens(x) {
      const [b, h, w, c] = shapeOf(x);
      return tf.reshape(x, [b, h * w, c]);
    },
    pictures: (tokens, height, width) => tf.reshape(tokens, [tokens.shape[0] as number, height, width, -1]),
  };
}

type Vectors = [mean: tfjs.Tensor1D, variance: tfjs.Tensor1D, offset: tfjs.Tensor1D, scale: tfjs.Tensor1D];
