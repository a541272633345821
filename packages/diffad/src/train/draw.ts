import type { Rng } from '@diffad/tensor-core';
import type { Image } from '../image/image.ts';
import type { Simulator } from '../synthesis/simulator.ts';

/** What all stages train on. */
export interface TrainingData {
  readonly simulator: Simulator;
  /** Items the simulator keeps; 0 when every item is new. */
  readonly pool: number;
  /** Normal pictures no stage trains on, at the networks' size. */
  readonly heldOut: readonly Image[];
  /** Makes items of the held-out normals, to gauge with. */
  readonly gauge: Simulator;
}

/** The items of one step: drawn from the pool, or the next ones where there is none. */
export const drawItems = (data: TrainingData, step: number, batch: number, rng: Rng): number[] =>
  Array.from({ length: batch }, (_, i) => (data.pool > 0 ? rng.int(0, data.pool) : step * batch + i));
