import type { Image } from '../../image/image.ts';
import type { StoredImage } from '../../image/stored-image.ts';
import type { Simulated } from '../simulated.ts';
import type { SimulatorOptions } from '../simulator.ts';

/** What a worker is started with; the pictures lie in shared memory. */
export interface SimulationWork {
  readonly normals: readonly StoredImage[];
  readonly textures: readonly Image[];
  readonly options: SimulatorOptions;
}

export interface SimulationTask {
  readonly index: number;
}

export interface SimulationResult {
  readonly index: number;
  readonly made: Simulated;
}
