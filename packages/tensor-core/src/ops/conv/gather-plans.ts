import type { DType } from '../../dtype.ts';
import type { DeviceInfo } from '../../gpu/device.ts';
import { gatherKernel, type Lanes } from '../../wgsl/conv/gather.ts';
import { gpuGather } from '../../wgsl/conv/gpu-gather.ts';
import { subgroupGather } from '../../wgsl/conv/subgroup-gather.ts';
import { rowPixels, subgroupGatherRow } from '../../wgsl/conv/subgroup-gather-row.ts';
import type { Kernel } from '../../wgsl/program.ts';
import { tileFor } from '../tiling.ts';
import type { Extents, Geometry } from './geometry.ts';
import { sharesColumns, subgroupBlocks, subgroupWidth, usesSubgroups, usesTiles } from './tiles.ts';

/** A convolution or an input gradient: what is read, what is made. */
export interface GatherTask {
  readonly geometry: Geometry;
  readonly source: Extents;
  readonly target: Extents;
  readonly bias: boolean;
  readonly transposed: boolean;
  readonly dtype: DType;
}

export interface GatherPlan {
  readonly kernel: Kernel;
  readonly limit: number;
  readonly workgroups: number;
  /** Parts the sum is cut into, each written apart. */
  readonly splits: number;
  /** Uniforms after those all gather kernels share. */
  readonly more: readonly number[];
}

export function planGather(info: DeviceInfo, task: GatherTask): GatherPlan {
  const { source, target, geometry } = task;
  const channels = target.channels / geometry.groups;
  if (usesTiles(info, channels, source.channels / geometry.groups)) return tilePlan(task);
  if (!usesSubgroups(info, channels, geometry.groups)) return registerPlan(task);
  return sharesColumns(geometry) ? rowPlan(task) : subgroupPlan(task);
}

function tilePlan({ geometry, source, target, bias, transposed, dtype }: GatherTask): GatherPlan {
  const { pictures, rows, columns, groups, stride, dilation } = geometry;
  const phased = transposed && stride > 1;
  const phases = phased ? stride ** 2 : 1;
  const across = (extent: number): number => (phased ? Math.ceil(extent / stride) : extent);
  const limit = pictures * across(target.height) * across(target.width);
  const terms = (rows * columns * source.channels) / groups;
  const tile = tileFor(limit, target.channels / groups, phases * groups, terms);
  const splits = phased ? 1 : tile.splits;
  const kernel = gpuGather(tile.side, transposed, phased, bias, dtype, splits > 1 ? 'f32' : dtype);
  const more = [rows, columns, splits, phased ? stride / divisor(stride, dilation) : 1];
  return { kernel, limit, workgroups: tile.tiles * splits, splits, more };
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

function rowPlan({ geometry, target, bias, transposed, dtype }: GatherTask): GatherPlan {
  const { pictures, rows, columns, groups } = geometry;
  const width = subgroupWidth(target.channels / groups);
  const loads = width === 4 ? 4 : 5; // more is a little faster and takes over a second to compile
  const limit = pictures * target.height * (target.width + columns - 1);
  const kernel = subgroupGatherRow(rows, columns, loads, width, transposed, bias, dtype);
  const tiles = Math.ceil(limit / rowPixels(loads, columns));
  return {
    kernel,
    limit,
    workgroups: tiles * groups * subgroupBlocks(target.channels / groups, width),
    splits: 1,
    more: [],
  };
}

function subgroupPlan({ geometry, source, target, bias, transposed, dtype }: GatherTask): GatherPlan {
  const { pictures, rows, columns, groups } = geometry;
  const width = subgroupWidth(target.channels / groups);
  const wide = (source.channels / groups) % 4 === 0;
  // Larger tiles load less but take longer to compile, which pays where most multiplications are.
  const pixels = width < 4 || wide ? 32 : 16;
  const limit = pictures * target.height * target.width;
  const kernel = subgroupGather(rows, columns, pixels, wide, width, transposed, bias, dtype);
  const workgroups = Math.ceil(limit / pixels) * groups * subgroupBlocks(target.channels / groups, width);
  return { kernel, limit, workgroups, splits: 1, more: [] };
}

function registerPlan({ geometry, source, target, bias, transposed, dtype }: GatherTask): GatherPlan {
  const { pictures, rows, columns, groups } = geometry;
  const pixels = target.width >= 8 ? 8 : 4;
  const limit = pictures * target.height * Math.ceil(target.width / pixels);
  const inputVector = (source.channels / groups) % 4 === 0;
  const lanes = lanesFor(target.channels / groups);
  const kernel = gatherKernel(rows, columns, pixels, inputVector, lanes, transposed, bias, dtype);
  const workgroups = Math.ceil((limit * target.channels) / lanes / kernel.workgroupSize);
  return { kernel, limit, workgroups, splits: 1, more: [] };
}

const lanesFor = (channels: number): Lanes =>
  channels % 16 === 0 ? 16 : channels % 8 === 0 ? 8 : channels % 4 === 0 ? 4 : 1;
