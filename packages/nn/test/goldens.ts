import { readFileSync } from 'node:fs';
import type { HostTensor } from '../src/parameter.ts';

/** What fixtures/make_nn.py wrote: pictures [B, H, W, C], weights as PyTorch stores them. */
export interface GoldenArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export interface GoldenModule {
  readonly name: string;
  readonly state: Readonly<Record<string, GoldenArray>>;
  readonly inputs: readonly GoldenArray[];
  readonly output: GoldenArray;
  readonly upstream: GoldenArray;
  readonly inputGradients: readonly (GoldenArray | null)[];
  readonly gradients: Readonly<Record<string, GoldenArray>>;
  readonly buffers: Readonly<Record<string, GoldenArray>>;
}

export interface GoldenLoss {
  readonly name: string;
  readonly inputs: readonly GoldenArray[];
  readonly value: number;
  readonly gradients: readonly (GoldenArray | null)[];
}

export interface GoldenOptimizer {
  readonly name: string;
  readonly start: readonly GoldenArray[];
  readonly target: readonly GoldenArray[];
  readonly end: readonly GoldenArray[];
}

interface Goldens {
  readonly blocks: readonly GoldenModule[];
  readonly losses: readonly GoldenLoss[];
  /** The weights of the golden `lpips`. */
  readonly lpips: Readonly<Record<string, GoldenArray>>;
  readonly optimizers: readonly GoldenOptimizer[];
}

const file = new URL('../../../fixtures/data/nn.json', import.meta.url);
export const goldens = JSON.parse(readFileSync(file, 'utf8')) as Goldens;

export const stateOf = (arrays: Readonly<Record<string, GoldenArray>>): Record<string, HostTensor> =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, { ...array, dtype: 'f32' as const }]));
