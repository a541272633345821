import type { Shape, Tensor } from '@diffad/tensor-core';

/** One op at the shape some network gives it. */
export interface Case {
  readonly op: string;
  /** Which network and layer, e.g. `unet level 1`. */
  readonly where: string;
  /** Shapes of what the op is differentiated for. */
  readonly inputs: readonly Shape[];
  readonly run: (...inputs: Tensor[]) => Tensor;
}
