import { underNode } from '@diffad/tensor-core';

/** Refuses a path where nothing below node/ can be loaded; `instead` is what a browser gives. */
export function expectFiles(path: string, instead: string): void {
  if (!underNode()) throw new TypeError(`${path}: only Node opens paths; in a browser give ${instead}`);
}
