import { lines } from './lines.ts';

/** How many terms of a product are staged in workgroup memory at a time. */
export const DEPTH = 16;

/**
 * How four neighbouring numbers of an operand lie in memory and so in the tile: along the terms of the sum (a row-major left
 * operand), or across them (a row-major right one).
 */
export type Lie = 'along' | 'across';

/** Rows and columns of a tile: the large one moves fewer numbers, the small one wastes less at the edges and gives more workgroups. */
export type Side = 64 | 32;

/** What the invocations of a workgroup do for a tile of a product, GPU family; all texts are lines of a kernel's body. */
export interface WorkgroupTile {
  readonly workgroupSize: number;
  readonly declarations: string;
  /** The vectors an invocation stages of each operand: row or column in the tile, term in the slice, and where it goes. */
  readonly left: readonly Share[];
  readonly right: readonly Share[];
  /** Row `r` of this invocation in the tile; its `cellRows` sums are called sum0, sum1, ... */
  readonly row: (r: number) => string;
  /** Column of lane `c` of every sum. */
  readonly column: (c: number) => string;
  readonly cellRows: number;
  /** Adds slices [first, end) of the product to the sums; `stage` fills the tiles with terms from `base` on. */
  readonly product: (first: string, end: string, stage: string) => string;
}

export interface Share {
  readonly at: string;
  readonly term: string;
  readonly slot: string;
}

/**
 * A tile of `side` squared numbers, `cellRows` x 4 of them in each invocation's registers. Both operands are staged in
 * slices of 16 terms as vectors of four, so that a number read from workgroup memory serves 4 or `cellRows` multiplications.
 */
export function workgroupTile(side: Side, left: Lie, right: Lie): WorkgroupTile {
  const cellRows = side / 8;
  const [down, over] = [side / cellRows, side / 4];
  const workgroupSize = down * over;
  const row = (r: number): string =>
    left === 'along' ? `(cellY + ${down * r}u)` : `(4u * (cellY + ${down * (r >> 2)}u) + ${r & 3}u)`;
  const column = (c: number): string => (right === 'along' ? `(cellX + ${over * c}u)` : `(4u * cellX + ${c}u)`);
  const factor = (r: number, k: number): string => (left === 'along' ? `a${r}[${k}]` : `a${k}_${r >> 2}[${r & 3}]`);
  const loadLeft =
    left === 'along'
      ? lines(cellRows, (r) => `let a${r} = tileA[${place(left, side, row(r), 'k')}];`)
      : lines(
          cellRows,
          (n) => `let a${n & 3}_${n >> 2} = tileA[${place(left, side, row(n & ~3), `(k + ${n & 3}u)`)}];`,
        );
  const loadRight =
    right === 'along'
      ? `${lines(4, (c) => `let c${c} = tileB[${place(right, side, column(c), 'k')}];`)}
      ${lines(4, (k) => `let b${k} = vec4(c0[${k}], c1[${k}], c2[${k}], c3[${k}]);`)}`
      : lines(4, (k) => `let b${k} = tileB[${place(right, side, column(0), `(k + ${k}u)`)}];`);
  return {
    workgroupSize,
    declarations: `var<workgroup> tileA: array<vec4<f32>, ${memory(left, side)}>;
var<workgroup> tileB: array<vec4<f32>, ${memory(right, side)}>;`,
    left: shares(left, side, workgroupSize, 'tileA'),
    right: shares(right, side, workgroupSize, 'tileB'),
    row,
    column,
    cellRows,
    product: (first, end, stage) => `
  for (var base = ${first}; base < ${end}; base += ${DEPTH}u) {
      ${stage}
      workgroupBarrier();
      for (var k = 0u; k < ${DEPTH}u; k += 4u) {
      ${loadLeft}
      ${loadRight}
      ${lines(4 * cellRows, (n) => `sum${n >> 2} += ${factor(n >> 2, n & 3)} * b${n & 3};`)}
      }
      workgroupBarrier();
  }`,
  };
}

/** The slices of part `part`, of `u.splits` a sum of `slices` slices is cut into, as `product` takes them; calls `sliceBegin`. */
export const partOf = (part: string): [first: string, end: string] => [
  `sliceBegin(${part}, slices, u.splits) * ${DEPTH}u`,
  `sliceBegin(${part} + 1u, slices, u.splits) * ${DEPTH}u`,
];

/** Declares `cellX` and `cellY`, the place of an invocation among those of its tile. */
export const cellPlace = (side: Side): string => `let cellX = lid % ${side / 4}u;
  let cellY = lid / ${side / 4}u;`;

// Vectors along the terms: five slots for four of them keep rows that are read together in different banks.
const memory = (lie: Lie, extent: number): number => (lie === 'along' ? 5 * extent : (DEPTH * extent) / 4);

const place = (lie: Lie, extent: number, at: string, term: string): string =>
  lie === 'along' ? `${at} * 5u + ${term} / 4u` : `${term} * ${extent / 4}u + ${at} / 4u`;

/** Neighbouring invocations stage neighbouring vectors, whichever way the operand lies. */
function shares(lie: Lie, extent: number, workgroupSize: number, tile: string): Share[] {
  return Array.from({ length: (DEPTH * extent) / 4 / workgroupSize }, (_, n) => {
    const inner = lie === 'along' ? 4 : extent / 4;
    const [fast, slow] = [`(lid % ${inner}u * 4u)`, `(lid / ${inner}u + ${(n * workgroupSize) / inner}u)`];
    const [at, term] = lie === 'along' ? [slow, fast] : [fast, slow];
    return { at, term, slot: `${tile}[${place(lie, extent, at, term)}]` };
  });
}
