import { dispatch } from '../op.ts';
import { Tensor } from '../tensor.ts';
import { gatherKernel, type Lanes } from '../wgsl/conv/gather.ts';
import { type ChannelTile, weightGradientKernel } from '../wgsl/conv/weight-gradient.ts';
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

const flops = (g: Geometry): number =>
  (2 * g.pictures * g.outHeight * g.outWidth * g.outChannels * g.rows * g.columns * g.channels) / g.groups;

/** The convolution of `x`, or, `transposed`, the gradient of its input from that of its output, given as `x`. */
export function gather(geometry: Geometry, x: Tensor, w: Tensor, bias: Tensor | null, transposed: boolean): Tensor {
  const {
    pictures,
    height,
    width,
    channels,
    outHeight,
    outWidth,
    outChannels,
    stride,
    dilation,
    groups,
    top,
    left,
    rows,
    columns,
  } = geometry;
  const input: Extents = { height, width, channels };
  const output: Extents = { height: outHeight, width: outWidth, channels: outChannels };
  const [source, target] = transposed ? [output, input] : [input, output];
  const y = Tensor.empty([pictures, target.height, target.width, target.channels], x.dtype, x.device);
  const weight = transposed ? transposeWeight(geometry, w) : w;
  const pixels = target.width >= 8 ? 8 : 4;
  const tiles = pictures * target.height * Math.ceil(target.width / pixels);
  const inputVector = (source.channels / groups) % 4 === 0;
  const lanes = lanesFor(target.channels / groups);
  const kernel = gatherKernel(rows, columns, pixels, inputVector, lanes, transposed, bias !== null, x.dtype);
  const uniforms = [tiles, source.height, source.width, source.channels, target.height, target.width, target.channels];
  uniforms.push(stride, stride, dilation, dilation, top >>> 0, left >>> 0, groups);
  const invocations = (tiles * target.channels) / lanes;
  dispatch(kernel, bias ? [x, weight, bias] : [x, weight], [y], { uniforms, invocations, flops: flops(geometry) });
  return y;
}

interface Extents {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** [kh, kw, i, o] -> [kh, kw, o, i] within each group. */
function transposeWeight({ rows, columns, channels, outChannels, groups }: Geometry, w: Tensor): Tensor {
  const grouped = reshape(w, [rows * columns, channels / groups, groups, outChannels / groups]);
  return reshape(permute(grouped, [0, 3, 2, 1]), [rows, columns, outChannels / groups, channels]);
}

const lanesFor = (channels: number): Lanes =>
  channels % 16 === 0 ? 16 : channels % 8 === 0 ? 8 : channels % 4 === 0 ? 4 : 1;

const WORKGROUPS = { software: 64, gpu: 512 } as const;
const tileOf = (channels: number): ChannelTile => (channels % 8 === 0 ? 8 : channels % 4 === 0 ? 4 : 1);

/** dw from the input and the gradient of the output: partial sums over slices of the picture rows, added in order. */
export function weightGradient(geometry: Geometry, x: Tensor, g: Tensor): Tensor {
  const {
    pictures,
    height,
    width,
    channels,
    outHeight,
    outWidth,
    outChannels,
    stride,
    dilation,
    groups,
    top,
    left,
    rows,
    columns,
  } = geometry;
  const perGroup = channels / groups;
  const [tileIn, tileOut] = [tileOf(perGroup), tileOf(outChannels / groups)];
  const tilesOut = outChannels / tileOut;
  const workgroupSize = tilesOut >= 8 ? 8 : tilesOut >= 4 ? 4 : 2;
  const groupsOut = Math.ceil(tilesOut / workgroupSize);
  const tilesIn = perGroup / tileIn;
  const taps = rows * columns;
  const tiles = groupsOut * tilesIn * taps;
  const splits = Math.min(pictures * outHeight, Math.ceil(WORKGROUPS[x.device.info.variant] / tiles));
  const partial = Tensor.empty([splits, taps * perGroup * outChannels], 'f32', x.device);
  const uniforms = [
    groupsOut,
    tilesIn,
    taps,
    columns,
    splits,
    pictures,
    height,
    width,
    channels,
    outHeight,
    outWidth,
    outChannels,
  ];
  uniforms.push(stride, stride, dilation, dilation, top >>> 0, left >>> 0, groups);
  const kernel = weightGradientKernel(tileIn, tileOut, workgroupSize, x.dtype);
  dispatch(kernel, [x, g], [partial], { uniforms, workgroups: tiles * splits, flops: flops(geometry) });
  return reshape(cast(sum(partial, { axes: [0] }), x.dtype), [rows, columns, perGroup, outChannels]);
}
