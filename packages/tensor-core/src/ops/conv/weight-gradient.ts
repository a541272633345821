import type { DType } from '../../dtype.ts';
import { dispatch } from '../../op.ts';
import { Tensor } from '../../tensor.ts';
import { gpuWeightGradient } from '../../wgsl/conv/gpu-weight-gradient.ts';
import { subgroupWeightGradient } from '../../wgsl/conv/subgroup-weight-gradient.ts';
import { subgroupWeightRow } from '../../wgsl/conv/subgroup-weight-row.ts';
import { type ChannelTile, weightGradientKernel } from '../../wgsl/conv/weight-gradient.ts';
import type { Kernel } from '../../wgsl/program.ts';
import { SUBGROUP } from '../../wgsl/subgroup-tile.ts';
import { cast } from '../cast.ts';
import { sum } from '../reduce.ts';
import { reshape } from '../reshape.ts';
import { tileFor } from '../tiling.ts';
import { flops, type Geometry, steps } from './geometry.ts';
import { sharesColumns, subgroupBlocks, subgroupWidth, usesSubgroups } from './tiles.ts';

/** dw from the input and the gradient of the output: partial sums over slices of the pixels, added in order. */
export function weightGradient(geometry: Geometry, x: Tensor, g: Tensor): Tensor {
  const { pictures, height, width, channels, outHeight, outWidth, outChannels, groups, rows, columns } = geometry;
  const [perGroup, across] = [channels / groups, outChannels / groups];
  const taps = rows * columns;
  const { info } = x.device;
  const plan =
    info.variant === 'gpu' ? workgroupTiles : usesSubgroups(info, across, groups) ? subgroupTiles : registerTiles;
  const { kernel, tilesOut, tilesIn, tiles, splits } = plan(geometry, x.dtype);
  const partial = Tensor.empty([splits, taps * perGroup * outChannels], 'f32', x.device);
  const extents = [height, width, channels, outHeight, outWidth, outChannels];
  const uniforms = [tilesOut, tilesIn, taps, columns, splits, pictures, ...extents, ...steps(geometry)];
  dispatch(kernel, [x, g], [partial], { uniforms, workgroups: tiles * splits, flops: flops(geometry) });
  return reshape(cast(sum(partial, { axes: [0] }), x.dtype), [rows, columns, perGroup, outChannels]);
}

interface Tiles {
  readonly kernel: Kernel;
  /** Workgroups side by side along the output channels, and tiles along the input channels of a group or all weights of a channel. */
  readonly tilesOut: number;
  readonly tilesIn: number;
  readonly tiles: number;
  readonly splits: number;
}

function workgroupTiles({ pictures, outHeight, outWidth, ...geometry }: Geometry, dtype: DType): Tiles {
  const { channels, outChannels, groups, rows, columns } = geometry;
  const [perGroup, across] = [channels / groups, outChannels / groups];
  const height = rows * columns * perGroup;
  const tile = tileFor(height, across, groups, pictures * outHeight * outWidth);
  const tilesIn = Math.ceil(height / tile.side);
  const kernel = gpuWeightGradient(tile.side, perGroup % 4 === 0 && across % 4 === 0, dtype);
  return { ...tile, kernel, tilesOut: tile.tiles / tilesIn, tilesIn };
}

/** Enough to keep every processor busy. */
const WORKGROUPS = 64;

function subgroupTiles(geometry: Geometry, dtype: DType): Tiles {
  const { channels, outChannels, groups, rows, columns } = geometry;
  const perGroup = channels / groups;
  const width = subgroupWidth(outChannels / groups);
  const tilesOut = groups * subgroupBlocks(outChannels / groups, width);
  const shares = sharesColumns(geometry);
  // A row of taps holds as many sums for 16 channels as one tap for 48; more take seconds to compile.
  const tileIn = Math.min(shares ? 16 : 32, perGroup > 16 ? 32 : perGroup > SUBGROUP ? 16 : SUBGROUP);
  const kernel = shares
    ? subgroupWeightRow(columns, tileIn, width, dtype)
    : subgroupWeightGradient(tileIn, width, dtype);
  const taps = shares ? rows : rows * columns;
  return { kernel, ...cut(geometry, tilesOut, Math.ceil(perGroup / tileIn), taps) };
}

function registerTiles(geometry: Geometry, dtype: DType): Tiles {
  const { channels, outChannels, groups } = geometry;
  const perGroup = channels / groups;
  const [tileIn, tileOut] = [tileOf(perGroup), tileOf(outChannels / groups)];
  const across = outChannels / tileOut;
  const workgroupSize = across >= 8 ? 8 : across >= 4 ? 4 : 2;
  const kernel = weightGradientKernel(tileIn, tileOut, workgroupSize, dtype);
  const taps = geometry.rows * geometry.columns;
  return { kernel, ...cut(geometry, Math.ceil(across / workgroupSize), perGroup / tileIn, taps) };
}

/** Tiles of one tap, or one row of taps, each; their sums are cut along the rows of the pictures. */
function cut(
  { pictures, outHeight }: Geometry,
  tilesOut: number,
  tilesIn: number,
  taps: number,
): Omit<Tiles, 'kernel'> {
  const tiles = tilesOut * tilesIn * taps;
  const splits = Math.min(pictures * outHeight, Math.ceil(WORKGROUPS / tiles));
  return { tilesOut, tilesIn, tiles, splits };
}

const tileOf = (channels: number): ChannelTile => (channels % 8 === 0 ? 8 : channels % 4 === 0 ? 4 : 1);
