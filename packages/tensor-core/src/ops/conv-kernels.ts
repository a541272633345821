import type { DType } from '../dtype.ts';
import { dispatch } from '../op.ts';
import { Tensor } from '../tensor.ts';
import { gatherKernel, type Lanes } from '../wgsl/conv/gather.ts';
import { subgroupGather, type Width } from '../wgsl/conv/subgroup-gather.ts';
import { subgroupWeightGradient } from '../wgsl/conv/subgroup-weight-gradient.ts';
import { type ChannelTile, weightGradientKernel } from '../wgsl/conv/weight-gradient.ts';
import type { Kernel } from '../wgsl/program.ts';
import { SUBGROUP } from '../wgsl/subgroup-tile.ts';
import { cast } from './cast.ts';
import { permute } from './permute.ts';
import { sum } from './reduce.ts';
import { reshape } from './reshape.ts';

/** All extents of one convolution, seen from its forward direction. */
export interface Geometry {
  readonly pictures: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly stride: number;
  readonly dilation: number;
  readonly groups: number;
  readonly top: number;
  readonly left: number;
}

/** One side of a convolution, input or output. */
interface Extents {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

const flops = (g: Geometry): number =>
  (2 * g.pictures * g.outHeight * g.outWidth * g.outChannels * g.rows * g.columns * g.channels) / g.groups;

const steps = ({ stride, dilation, top, left, groups }: Geometry): number[] => [
  stride,
  stride,
  dilation,
  dilation,
  top >>> 0,
  left >>> 0,
  groups,
];

/** The convolution of `x`, or, `transposed`, the gradient of its input from that of its output, given as `x`. */
export function gather(geometry: Geometry, x: Tensor, w: Tensor, bias: Tensor | null, transposed: boolean): Tensor {
  const { pictures, height, width, channels, outHeight, outWidth, outChannels } = geometry;
  const input: Extents = { height, width, channels };
  const output: Extents = { height: outHeight, width: outWidth, channels: outChannels };
  const [source, target] = transposed ? [output, input] : [input, output];
  const y = Tensor.empty([pictures, target.height, target.width, target.channels], x.dtype, x.device);
  const weight = transposed ? transposeWeight(geometry, w) : w;
  const plan = usesSubgroups(x, target.channels / geometry.groups) ? subgroupPlan : registerPlan;
  const { kernel, limit, workgroups } = plan(geometry, source, target, bias !== null, transposed, x.dtype);
  const extents = [source, target].flatMap((side) => [side.height, side.width, side.channels]);
  const uniforms = [limit, ...extents, ...steps(geometry)];
  dispatch(kernel, bias ? [x, weight, bias] : [x, weight], [y], { uniforms, workgroups, flops: flops(geometry) });
  return y;
}

/** Subgroups pay once a group has channels for most of their invocations. */
const usesSubgroups = ({ device: { info } }: Tensor, channels: number): boolean =>
  info.variant === 'software' && info.subgroupSize === SUBGROUP && channels > SUBGROUP / 2;

interface Plan {
  readonly kernel: Kernel;
  readonly limit: number;
  readonly workgroups: number;
}

type Planner = (g: Geometry, from: Extents, to: Extents, bias: boolean, transposed: boolean, dtype: DType) => Plan;

const subgroupPlan: Planner = ({ pictures, rows, columns, groups }, _, to, bias, transposed, dtype) => {
  const width = widthFor(to.channels / groups);
  const pixels = width === 4 ? 16 : 32;
  const limit = pictures * to.height * to.width;
  const kernel = subgroupGather(rows, columns, pixels, width, transposed, bias, dtype);
  return { kernel, limit, workgroups: Math.ceil(limit / pixels) * groups * blocksOf(to.channels / groups, width) };
};

const registerPlan: Planner = ({ pictures, rows, columns, groups }, from, to, bias, transposed, dtype) => {
  const pixels = to.width >= 8 ? 8 : 4;
  const limit = pictures * to.height * Math.ceil(to.width / pixels);
  const inputVector = (from.channels / groups) % 4 === 0;
  const lanes = lanesFor(to.channels / groups);
  const kernel = gatherKernel(rows, columns, pixels, inputVector, lanes, transposed, bias, dtype);
  return { kernel, limit, workgroups: Math.ceil((limit * to.channels) / lanes / kernel.workgroupSize) };
};

const widthFor = (channels: number): Width => (channels % 32 === 0 ? 4 : channels % 16 === 0 ? 2 : 1);
const blocksOf = (channels: number, width: Width): number => Math.ceil(channels / width / SUBGROUP);
const lanesFor = (channels: number): Lanes =>
  channels % 16 === 0 ? 16 : channels % 8 === 0 ? 8 : channels % 4 === 0 ? 4 : 1;

/** [kh, kw, i, o] -> [kh, kw, o, i] within each group. */
function transposeWeight({ rows, columns, channels, outChannels, groups }: Geometry, w: Tensor): Tensor {
  const grouped = reshape(w, [rows * columns, channels / groups, groups, outChannels / groups]);
  return reshape(permute(grouped, [0, 3, 2, 1]), [rows, columns, outChannels / groups, channels]);
}

const WORKGROUPS = { software: 64, gpu: 512 } as const;

/** dw from the input and the gradient of the output: partial sums over slices of the picture rows, added in order. */
export function weightGradient(geometry: Geometry, x: Tensor, g: Tensor): Tensor {
  const { pictures, height, width, channels, outHeight, outWidth, outChannels, groups, rows, columns } = geometry;
  const perGroup = channels / groups;
  const taps = rows * columns;
  const plan = usesSubgroups(x, outChannels / groups) ? subgroupTiles : registerTiles;
  const { kernel, tilesOut, tilesIn } = plan(geometry, x.dtype);
  const tiles = tilesOut * tilesIn * taps;
  const splits = Math.min(pictures * outHeight, Math.ceil(WORKGROUPS[x.device.info.variant] / tiles));
  const partial = Tensor.empty([splits, taps * perGroup * outChannels], 'f32', x.device);
  const extents = [height, width, channels, outHeight, outWidth, outChannels];
  const uniforms = [tilesOut, tilesIn, taps, columns, splits, pictures, ...extents, ...steps(geometry)];
  dispatch(kernel, [x, g], [partial], { uniforms, workgroups: tiles * splits, flops: flops(geometry) });
  return reshape(cast(sum(partial, { axes: [0] }), x.dtype), [rows, columns, perGroup, outChannels]);
}

interface Tiles {
  readonly kernel: Kernel;
  /** Workgroups side by side along the output channels, and tiles along the input channels of a group. */
  readonly tilesOut: number;
  readonly tilesIn: number;
}

function subgroupTiles({ channels, outChannels, groups }: Geometry, dtype: DType): Tiles {
  const perGroup = channels / groups;
  const tileIn = perGroup > SUBGROUP ? 16 : SUBGROUP;
  const width = widthFor(outChannels / groups);
  const kernel = subgroupWeightGradient(tileIn, width, dtype);
  return {
    kernel,
    tilesOut: groups * blocksOf(outChannels / groups, width),
    tilesIn: Math.ceil(perGroup / tileIn),
  };
}

function registerTiles({ channels, outChannels, groups }: Geometry, dtype: DType): Tiles {
  const perGroup = channels / groups;
  const [tileIn, tileOut] = [tileOf(perGroup), tileOf(outChannels / groups)];
  const across = outChannels / tileOut;
  const workgroupSize = across >= 8 ? 8 : across >= 4 ? 4 : 2;
  const kernel = weightGradientKernel(tileIn, tileOut, workgroupSize, dtype);
  return { kernel, tilesOut: Math.ceil(across / workgroupSize), tilesIn: perGroup / tileIn };
}

const tileOf = (channels: number): ChannelTile => (channels % 8 === 0 ? 8 : channels % 4 === 0 ? 4 : 1);
