import { Rng } from '@diffad/tensor-core';

export const SURFACES = ['woven', 'brushed', 'speckled'] as const;
export const SIDE = 16;

export interface Batch {
  /** Grey pictures, row-major [n, SIDE, SIDE, 1], about 0 mean. */
  readonly pictures: Float32Array;
  readonly labels: readonly number[];
}

/** How bright each surface is at (x, y); every picture has its own phase, angle and noise. */
const painters: ((rng: Rng) => (x: number, y: number) => number)[] = [
  (rng) => {
    const [phaseX, phaseY] = [rng.uniform(0, 6.28), rng.uniform(0, 6.28)];
    return (x, y) => Math.sin(1.6 * x + phaseX) * Math.sin(1.6 * y + phaseY);
  },
  (rng) => {
    const rows = rng.normals(SIDE);
    return (_x, y) => rows[y] as number;
  },
  (rng) => {
    const grains = rng.normals(SIDE * SIDE);
    return (x, y) => (Math.abs(grains[y * SIDE + x] as number) > 1.6 ? 1.5 : -0.4);
  },
];

/** `n` labelled pictures, surfaces in turn; the same (n, seed) gives the same ones. */
export function batch(n: number, seed: number): Batch {
  const rng = new Rng(seed);
  const labels = Array.from({ length: n }, (_, i) => i % SURFACES.length);
  const pictures = new Float32Array(n * SIDE * SIDE);
  labels.forEach((label, i) => {
    const paint = (painters[label] as (typeof painters)[number])(rng);
    const noise = rng.normals(SIDE * SIDE);
    for (let p = 0; p < SIDE * SIDE; p++)
      pictures[i * SIDE * SIDE + p] = paint(p % SIDE, Math.floor(p / SIDE)) + 0.4 * (noise[p] as number);
  });
  return { pictures, labels };
}

const SCALE = 4;
const GAP = 4;

/** All pictures on one sheet, a row per surface; those answered wrongly are framed in red. */
export function contactSheet(
  { pictures, labels }: Batch,
  answers: readonly number[],
): { width: number; height: number; data: Uint8Array; channels: 3 } {
  const columns = Math.ceil(labels.length / SURFACES.length);
  const cell = SIDE * SCALE + GAP;
  const [width, height] = [columns * cell + GAP, SURFACES.length * cell + GAP];
  const data = new Uint8Array(width * height * 3).fill(255);
  labels.forEach((label, i) => {
    const [left, top] = [Math.floor(i / SURFACES.length) * cell + GAP, label * cell + GAP];
    if (answers[i] !== label) fill(data, width, [left - 2, top - 2, cell - GAP + 4], () => [220, 30, 30]);
    fill(data, width, [left, top, cell - GAP], (x, y) => {
      const value = pictures[i * SIDE * SIDE + Math.floor(y / SCALE) * SIDE + Math.floor(x / SCALE)] as number;
      const grey = Math.max(0, Math.min(255, 128 + 60 * value));
      return [grey, grey, grey];
    });
  });
  return { width, height, data, channels: 3 };
}

type Colour = readonly [number, number, number];

function fill(
  data: Uint8Array,
  width: number,
  [left, top, side]: Colour,
  colour: (x: number, y: number) => Colour,
): void {
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) data.set(colour(x, y), 3 * ((top + y) * width + left + x));
}
