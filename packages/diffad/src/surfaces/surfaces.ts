import type { Rng } from '@diffad/tensor-core';
import { createImage, type Image } from '../image/image.ts';
import { perlin } from '../synthesis/perlin.ts';

type Rgb = readonly [number, number, number];
/** Brightness at (x, y) in pixels, around 0.5. */
type Relief = (x: number, y: number) => number;

function coloured(size: number, colour: Rgb, relief: Relief): Image {
  const image = createImage(size, size, 3);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const light = relief(x, y);
      for (let c = 0; c < 3; c++)
        image.data[(y * size + x) * 3 + c] = Math.min(1, Math.max(0, light * 2 * (colour[c] as number)));
    }
  return image;
}

/** Over-and-under threads, eight pixels wide at 128 px, with uneven dye. */
function woven(size: number, rng: Rng): Image {
  const pitch = size / 16;
  const [phaseX, phaseY] = [rng.uniform(0, pitch), rng.uniform(0, pitch)];
  const dye = perlin(size, size, 4, 4, rng).data;
  const fuzz = rng.normals(size * size);
  return coloured(size, [0.42, 0.33, 0.24], (x, y) => {
    const [u, v] = [(x + phaseX) / pitch, (y + phaseY) / pitch];
    const over = (Math.floor(u) + Math.floor(v)) % 2 === 0;
    const across = over ? v - Math.floor(v) : u - Math.floor(u);
    const along = over ? u - Math.floor(u) : v - Math.floor(v);
    const thread = Math.sin(Math.PI * across) * (0.75 + 0.25 * Math.sin(Math.PI * along));
    return 0.3 + 0.4 * thread + 0.08 * (dye[y * size + x] as number) + 0.02 * (fuzz[y * size + x] as number);
  });
}

/** Long fine lines of varying brightness, as on brushed metal. */
function brushed(size: number, rng: Rng): Image {
  const lines = rng.normals(size);
  const streaks = perlin(size, size, 32, 2, rng).data;
  const light = rng.uniform(-0.05, 0.05);
  const fuzz = rng.normals(size * size);
  return coloured(size, [0.44, 0.46, 0.5], (x, y) => {
    const at = y * size + x;
    const sheen = 0.08 * Math.sin((Math.PI * x) / size + light * 20);
    return 0.55 + sheen + 0.05 * (lines[y] as number) + 0.12 * (streaks[at] as number) + 0.015 * (fuzz[at] as number);
  });
}

/** Dark and bright grains on a smooth ground, as on granite. */
function speckled(size: number, rng: Rng): Image {
  const coarse = perlin(size, size, size / 4, size / 4, rng).data;
  const fine = perlin(size, size, size / 2, size / 2, rng).data;
  const fuzz = rng.normals(size * size);
  return coloured(size, [0.47, 0.45, 0.43], (x, y) => {
    const at = y * size + x;
    const grain = coarse[at] as number;
    const dark = grain > 0.35 ? -0.3 : 0;
    const bright = (fine[at] as number) > 0.45 ? 0.2 : 0;
    return 0.55 + dark + bright + 0.06 * grain + 0.015 * (fuzz[at] as number);
  });
}

/** Pictures of surfaces without defects, [size, size, 3]. */
export const surfaces: Readonly<Record<string, (size: number, rng: Rng) => Image>> = { woven, brushed, speckled };
