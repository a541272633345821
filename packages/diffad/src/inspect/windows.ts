import { createImage, type Image } from '../image/image.ts';
import { blendTile, cutTile, tileGrid, tiles } from '../image/tiles.ts';
import type { Model } from '../model.ts';
import { chunks } from '../train/batch.ts';
import { type Detection, type DetectOptions, detect } from './detect.ts';

const BATCH = 8;

/** Judges a picture at its own scale through overlapping windows whose maps are blended; memory grows with the maps alone. */
export async function detectWindows(
  model: Model,
  picture: Image,
  overlap: number,
  options: DetectOptions,
): Promise<Detection> {
  const { size } = model.config;
  const { width, height } = picture;
  const grid = tileGrid(width, height, { size, overlap: Math.floor(size * Math.min(overlap, 0.5)) });
  const blank = (channels: number): Image => createImage(width, height, channels);
  const whole = { logit: blank(1), reconstruction: blank(3), interpolation: blank(3) };
  let interpolated = false;
  for (const group of chunks([...tiles(grid)], BATCH)) {
    const windows = group.map((tile) => cutTile(picture, grid, tile));
    const found = await detect(model, windows, options);
    for (const [i, { logit, reconstruction, interpolation }] of found.entries()) {
      const tile = group[i] as (typeof group)[number];
      blendTile(whole.logit, grid, tile, logit);
      blendTile(whole.reconstruction, grid, tile, reconstruction);
      if (interpolation) blendTile(whole.interpolation, grid, tile, interpolation);
      interpolated ||= interpolation !== null;
    }
  }
  return { ...whole, interpolation: interpolated ? whole.interpolation : null };
}
