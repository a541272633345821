import type { Session, Work } from './work.ts';

/** A library that does the same work on the same adapter. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  readonly gpu: GPUDevice;
  /** What it lacks and how that is made up for. */
  readonly notes: readonly string[];
  /** Uploads and compiles. Throws where the library cannot do the work. */
  prepare(work: Work): Session;
}
