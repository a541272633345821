import type { LoadedFile, Savable } from '@diffad/nn';
import type { Tensor } from '@diffad/tensor-core';
import type { Image } from '../image/image.ts';

export type StageName = 'vae' | 'diffusion' | 'segment' | 'draem';

/** Everything but the networks that a stage needs to go on to the bit: tensors, and counts as JSON. */
export interface StageState {
  readonly tensors: Record<string, Savable>;
  readonly counts: Record<string, number>;
}

/** One stage of training: what a step is, what to save, how to tell whether it has learned enough. Steps depend on (seed, step) alone. */
export interface Stage {
  readonly name: StageName;
  readonly steps: number;
  readonly batch: number;
  /** Work before step `from` that a resumed run repeats: encoding, sampling. */
  prepare(from: number, report: (done: number, total: number) => void): Promise<void>;
  /** The simulated pictures that a step trains on. */
  items(step: number): readonly number[];
  /** Trains on one batch; the loss before it, the caller's to dispose. */
  step(step: number): Promise<Tensor>;
  state(): StageState;
  load(file: Pick<LoadedFile, 'tensors'>, counts: Readonly<Record<string, number>>): void;
  /** Brings up to date what trails behind the weights while they move: the moments of batch norm. Before every gauge, so at the end too. */
  settle?(): Promise<void>;
  /** Figures on held-out normals. */
  gauge(): Promise<Record<string, number>>;
  /** Pictures that show how far it is, one row per held-out normal. */
  preview(): Promise<Image[][]>;
  /** Leaves the networks as inspection uses them, and frees everything else. */
  finish(): void;
}
