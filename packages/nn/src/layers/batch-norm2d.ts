import { batchNorm, ones, type Tensor, zeros } from '@diffad/tensor-core';
import { Module } from '../module.ts';
import { buffer, parameter } from '../parameter.ts';

export interface BatchNorm2dOptions {
  /** Default 1e-5. */
  readonly eps?: number;
  /** Share of a new batch in the running moments; default 0.1. */
  readonly momentum?: number;
}

/** Normalises each channel over the batch while training, with the running moments otherwise: [B, H, W, C] -> [B, H, W, C]. */
export class BatchNorm2d extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly runningMean: Tensor;
  readonly runningVar: Tensor;
  readonly #options: BatchNorm2dOptions;

  constructor(channels: number, options: BatchNorm2dOptions = {}) {
    super();
    this.weight = parameter(ones([channels]));
    this.bias = parameter(zeros([channels]));
    this.runningMean = buffer(zeros([channels]));
    this.runningVar = buffer(ones([channels]));
    this.#options = options;
  }

  protected forward(x: Tensor): Tensor {
    const running = { mean: this.runningMean, variance: this.runningVar };
    return batchNorm(x, this.weight, this.bias, { ...this.#options, ...running, training: this.training });
  }
}
