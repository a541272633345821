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
  /** Makes items of `simulator` elsewhere, ahead of their use. Without it they are made when a step asks for them. */
  readonly prefetch?: (indices: readonly number[]) => Promise<void>;
}

/** Where items come from. */
export type ItemSource = Pick<TrainingData, 'simulator' | 'prefetch'>;
/** The same, and how many there are. */
export type PooledSource = ItemSource & Pick<TrainingData, 'pool'>;

/** Asks for items that are wanted later and does not wait; a failure shows when they are waited for. */
export function prefetchAhead({ prefetch }: TrainingData, indices: readonly number[]): void {
  prefetch?.(indices).catch(() => undefined);
}

/** The items of one step: drawn from the pool, or the next ones where there is none. */
export const drawItems = (data: TrainingData, step: number, batch: number, rng: Rng): number[] =>
  Array.from({ length: batch }, (_, i) => (data.pool > 0 ? rng.int(0, data.pool) : step * batch + i));
