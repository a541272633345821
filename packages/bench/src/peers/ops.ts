export interface ConvOptions {
  /** Default 1. */
  readonly stride?: number;
  /** Zeros at the top, bottom, left and right. */
  readonly padding: readonly [number, number, number, number];
}

/** What a batch norm knows of each channel. */
export interface Moments<T> {
  readonly weight: T;
  readonly bias: T;
  readonly mean: T;
  readonly variance: T;
}

/**
 * What the networks are written in, once for every library; T is a library's array. Pictures lie in memory as the library
 * likes best, so nothing here depends on the order of their axes. A library composes what it has no op for.
 */
export interface Ops<T> {
  /** Maps of operands of one shape. */
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  scale(x: T, factor: number): T;
  shift(x: T, term: number): T;
  exp(x: T): T;
  abs(x: T): T;
  square(x: T): T;
  clamp(x: T, low: number, high: number): T;
  silu(x: T): T;
  relu(x: T): T;
  /** Over all elements, to a scalar. */
  sum(x: T): T;
  mean(x: T): T;

  /** [M, K] x [K, N]. */
  matmul(a: T, b: T): T;
  /** Over the last axis. */
  softmax(x: T): T;
  /** Over the last axis of vectors or tokens, w [in, out]. */
  linear(x: T, w: T, b: T): T;
  /** Tokens [B, T, heads x D], heads side by side in the last axis. */
  attention(q: T, k: T, v: T, heads: number): T;
  /** Tokens [B, T, 3C] with q, k and v of each head side by side -> three of [B, T, C]. */
  unpackHeads(packed: T, heads: number): readonly [T, T, T];

  /** w was given as a kernel. */
  conv2d(x: T, w: T, b: T | null, options: ConvOptions): T;
  /** A linear layer over the channels, w [in, out]. */
  pointwise(x: T, w: T, b: T): T;
  /** Adds a vector per picture, [B, C]. */
  addVector(x: T, vector: T): T;
  groupNorm(x: T, gamma: T, beta: T, groups: number, eps: number): T;
  /** With the moments it is given. */
  batchNorm(x: T, moments: Moments<T>): T;
  /** Of channels. */
  concat(parts: readonly T[]): T;
  split(x: T, channels: readonly number[]): T[];
  /** Of pictures. */
  stack(parts: readonly T[]): T;
  halves(x: T): readonly [T, T];
  upsampleNearest(x: T): T;
  /** Twice as large, corners aligned. */
  upsampleBilinear(x: T): T;
  /** Windows of two by two. */
  maxPool(x: T): T;
  /** Of neighbours, down the rows or along the columns. */
  differences(x: T, along: 'rows' | 'columns'): T;
  /** Pictures -> tokens [B, H x W, C], and back. */
  tokens(x: T): T;
  pictures(tokens: T, height: number, width: number): T;
}
