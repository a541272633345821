import { groupNorm, type NormActivation, ones, type Tensor, zeros } from '@diffad/tensor-core';
import { Module } from '../module.ts';
import { parameter } from '../parameter.ts';
import { checkGroups } from './check-groups.ts';

export interface GroupNormOptions {
  /** Default 1e-5. */
  readonly eps?: number;
  /** Applied to the normalised values in the same kernel. */
  readonly activation?: NormActivation;
}

/** Normalises each picture over its pixels and the channels of a group: [B, .., C] -> [B, .., C]. ShapeError where `groups` do not divide the channels. */
export class GroupNorm extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly #options: GroupNormOptions & { readonly groups: number };

  constructor(groups: number, channels: number, options: GroupNormOptions = {}) {
    super();
    checkGroups('GroupNorm', channels, 'channels', groups);
    this.weight = parameter(ones([channels]));
    this.bias = parameter(zeros([channels]));
    this.#options = { ...options, groups };
  }

  protected forward(x: Tensor): Tensor {
    return groupNorm(x, this.weight, this.bias, this.#options);
  }
}
