import type { DiffADConfig } from '../config/schema.ts';

/** Everything that decides a run, kept as config.json in its folder: the same settings and data give the same bits. */
export interface RunSettings {
  readonly version: 1;
  /** Folder of the data set. */
  readonly data: string;
  /** Folder of textures to paste; null for made-up ones. */
  readonly textures: string | null;
  /** Run folder or model file whose networks this one starts from; without, from nothing. */
  readonly from?: string;
  /** Run folder or model file whose autoencoder alone this one starts from; without, from nothing. */
  readonly autoencoder?: string;
  /** Picture that is white where parts are judged; without, they are all over. */
  readonly region?: string;
  readonly seed: number;
  readonly config: DiffADConfig;
}

/** A run folder that cannot be used. The message is one line: the folder, what is wrong, what to do. */
export class RunError extends Error {
  override readonly name = 'RunError';
}
