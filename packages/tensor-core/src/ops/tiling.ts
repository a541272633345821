import type { Side } from '../wgsl/workgroup-tile.ts';

/** How a product is cut into workgroups. */
export interface Tiling {
  readonly side: Side;
  /** Tiles in all, and the parts that each one's sum is cut into. */
  readonly tiles: number;
  readonly splits: number;
}

/** Workgroups that fill a large GPU, several on every multiprocessor; fewer leave it waiting for memory. */
const ENOUGH = 1024;
/** A part of a sum shorter than this costs more to write and add than it gains. */
const LEAST_TERMS = 128;
/** Fewer large tiles than this are better cut small. */
const ENOUGH_LARGE = 64;

/** Tiles for `products` products of rows x columns, each a sum of `terms`: large ones if they are enough, then as many splits as fill the GPU. */
export function tileFor(rows: number, columns: number, products: number, terms: number): Tiling {
  const count = (side: Side): number => products * Math.ceil(rows / side) * Math.ceil(columns / side);
  const side = rows > 48 && columns > 48 && count(64) >= ENOUGH_LARGE ? 64 : 32;
  const tiles = count(side);
  const splits = Math.max(1, Math.min(Math.floor(ENOUGH / tiles), Math.floor(terms / LEAST_TERMS)));
  return { side, tiles, splits };
}
