import { batchNorm, type NormActivation, ones, type Tensor, zeros } from '@diffad/tensor-core';
import { Module } from '../module.ts';
import { buffer, parameter } from '../parameter.ts';

export interface BatchNorm2dOptions {
  /** Default 1e-5. */
  readonly eps?: number;
  /** Share of a new batch in the running moments; default 0.1. */
  readonly momentum?: number;
  /** Applied to the normalised values, while training in the same kernel. */
  readonly activation?: NormActivation;
}

/** Normalises each channel over the batch while training, with the running moments otherwise: [B, H, W, C] -> [B, H, W, C]. */
export class BatchNorm2d extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly runningMean: Tensor;
  readonly runningVar: Tensor;
  /** Share of a new batch in the running moments. */
  momentum: number;
  readonly #fixed: Omit<BatchNorm2dOptions, 'momentum'>;

  constructor(channels: number, { momentum = 0.1, ...fixed }: BatchNorm2dOptions = {}) {
    super();
    this.weight = parameter(ones([channels]));
    this.bias = parameter(zeros([channels]));
    this.runningMean = buffer(zeros([channels]));
    this.runningVar = buffer(ones([channels]));
    this.#fixed = fixed;
    this.momentum = momentum;
  }

  protected forward(x: Tensor): Tensor {
    const { runningMean: mean, runningVar: variance, momentum, training } = this;
    return batchNorm(x, this.weight, this.bias, { ...this.#fixed, mean, variance, momentum, training });
  }
}
