import { checkChannels, createImage, type Image } from './image.ts';
import { mirror } from './rotate.ts';

/** One tile along one axis: pixels start .. start + size - 1, and its weight at each of them. */
interface AxisTile {
  readonly start: number;
  readonly weights: Float32Array;
}

/**
 * Square tiles that cover a picture, each overlapping the next. Blending weights are a product of two axes and add up to 1 at
 * every pixel, so reassembly needs the output map and one tile in memory, nothing else.
 */
export interface TileGrid {
  readonly width: number;
  readonly height: number;
  readonly size: number;
  readonly columns: readonly AxisTile[];
  readonly rows: readonly AxisTile[];
}

export interface Tile {
  readonly column: AxisTile;
  readonly row: AxisTile;
}

/** Plans tiles of `size` pixels with at least `overlap` shared pixels; the last tile ends at the picture's edge. */
export function tileGrid(
  width: number,
  height: number,
  { size, overlap }: { size: number; overlap: number },
): TileGrid {
  if (!(Number.isInteger(size) && size > 0 && Number.isInteger(overlap) && overlap >= 0 && overlap <= size / 2)) {
    throw new RangeError(`tileGrid: overlap must be between 0 and half the tile, got size ${size}, overlap ${overlap}`);
  }
  return { width, height, size, columns: axisTiles(width, size, overlap), rows: axisTiles(height, size, overlap) };
}

function axisTiles(length: number, size: number, overlap: number): AxisTile[] {
  const count = Math.max(1, Math.ceil((length - overlap) / Math.max(1, size - overlap)));
  const slack = Math.max(0, length - size);
  const starts = Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * slack) / (count - 1))));
  const total = new Float64Array(length);
  for (const start of starts)
    for (let i = 0; i < size && start + i < length; i++)
      total[start + i] = (total[start + i] as number) + ramp(i, size, overlap);
  return starts.map((start) => ({
    start,
    weights: Float32Array.from({ length: size }, (_, i) =>
      start + i < length ? ramp(i, size, overlap) / (total[start + i] as number) : 0,
    ),
  }));
}

/** Rises from the tile's border to 1 over the overlap; never 0, so a border that only one tile covers keeps its value. */
function ramp(i: number, size: number, overlap: number): number {
  return Math.min(1, (Math.min(i, size - 1 - i) + 1) / (overlap + 1));
}

/** All tiles, row by row. */
export function* tiles(grid: TileGrid): Generator<Tile> {
  for (const row of grid.rows) for (const column of grid.columns) yield { row, column };
}

/** The pixels of one tile, `[size, size, channels]`; where the picture is smaller than the tile it is continued as a mirror image. */
export function cutTile(image: Image, grid: TileGrid, { row, column }: Tile): Image {
  const tile = createImage(grid.size, grid.size, image.channels);
  for (let y = 0; y < grid.size; y++)
    for (let x = 0; x < grid.size; x++) {
      const from =
        (mirror(row.start + y, image.height) * image.width + mirror(column.start + x, image.width)) * image.channels;
      for (let c = 0; c < image.channels; c++)
        tile.data[(y * grid.size + x) * image.channels + c] = image.data[from + c] as number;
    }
  return tile;
}

/** Adds one tile's map to `target`, `[height, width, C]`, which starts as zeros and is complete once every tile was added. */
export function blendTile(target: Image, grid: TileGrid, { row, column }: Tile, map: Image): void {
  checkChannels('blendTile', map, target.channels);
  const { channels } = target;
  for (let y = 0; y < grid.size && row.start + y < grid.height; y++)
    for (let x = 0; x < grid.size && column.start + x < grid.width; x++) {
      const weight = (row.weights[y] as number) * (column.weights[x] as number);
      const to = ((row.start + y) * grid.width + column.start + x) * channels;
      const from = (y * grid.size + x) * channels;
      for (let c = 0; c < channels; c++)
        target.data[to + c] = (target.data[to + c] as number) + weight * (map.data[from + c] as number);
    }
}
