import { expectDType } from '../dtype.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import type { Variant } from '../gpu/device.ts';
import { dispatch, floatBits, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { affineGradients, groupGradients, inputGradient, sliceGradients } from '../wgsl/norm/backward.ts';
import { groupMoments, type NormActivation, normalise, sliceMoments, wholeMoments } from '../wgsl/norm/forward.ts';
import { foldGrid, slicesFor } from './fold.ts';
import { sum } from './reduce.ts';

export interface GroupNormOptions {
  readonly groups: number;
  /** Added to the variance; default 1e-5. */
  readonly eps?: number;
  /** Fused after the affine map; recomputed, not stored, in the backward pass. */
  readonly activation?: NormActivation;
}

/**
 * z = (x − mean) / √(variance + eps) · gamma + beta with moments per picture and group of channels; y = z or what the activation makes of it.
 * x [B, .., C], gamma and beta [C]. Wu and He, "Group normalization", 2018.
 *
 * With h the normalised x and d = g · dy/dz:  dgamma = Σ d·h;  dbeta = Σ d;
 * dx = (gamma·d − mean(gamma·d) − h · mean(gamma·d·h)) / deviation.
 */
export function groupNorm(x: Tensor, gamma: Tensor, beta: Tensor, options: GroupNormOptions): Tensor {
  const { groups, eps = 1e-5, activation = 'none' } = options;
  check(x, gamma, beta, groups);
  return scope(() => {
    const pictures = at(x.shape, 0);
    const layout = layoutOf(x, pictures, groups, eps);
    const statistics = moments(x, layout);
    const y = affine(x, statistics, gamma, beta, layout, activation);
    return record('groupNorm', [x, gamma, beta], y, { x, gamma, beta, statistics }, (g, saved, needs) =>
      gradients(g, saved, layout, activation, needs),
    );
  });
}

/** How the kernels see x: [pictures, pixels, channels], pixels in slices, four channels at a time if they divide. */
export interface NormLayout {
  readonly pictures: number;
  readonly pixels: number;
  readonly channels: number;
  readonly slices: number;
  readonly groups: number;
  readonly wide: boolean;
  /** Whether the four channels are always of one group. */
  readonly alike: boolean;
  /** Invocations of a map, each of which walks a run of pixels. */
  readonly mappers: number;
  readonly uniforms: (n: number) => number[];
}

/** Invocations that give every processor work where each folds by itself. */
const WORKERS = 64;
/** Invocations of a map that fill an adapter; what is more is better spent on longer runs. */
const MAPPERS = { software: 512, gpu: 65536 } as const;

export function layoutOf(x: Tensor, pictures: number, groups: number, eps: number): NormLayout {
  const channels = at(x.shape, x.shape.length - 1);
  const pixels = x.size / pictures / channels;
  const wide = channels % 4 === 0;
  const columns = channels / (wide ? 4 : 1);
  const { info } = x.device;
  const slices =
    info.variant === 'gpu'
      ? slicesFor(info, pictures, pixels, columns)
      : Math.max(1, Math.min(Math.ceil(WORKERS / pictures / columns), Math.floor(pixels / 32)));
  const lines = pictures * columns;
  const run = Math.max(1, Math.min(8, pixels, Math.floor((lines * pixels) / MAPPERS[info.variant])));
  const mappers = lines * Math.ceil(pixels / run);
  const uniforms = (n: number): number[] => [n, pixels, channels, slices, groups, floatBits(eps), run];
  const alike = (channels / groups) % 4 === 0;
  return { pictures, pixels, channels, slices, groups, wide, alike, mappers, uniforms };
}

/** Mean and 1 / deviation per picture and group, [pictures, groups, 2]. */
export function moments(x: Tensor, layout: NormLayout): Tensor {
  const { pictures, pixels, channels, groups, uniforms } = layout;
  const width = channels / groups;
  if (!foldsWhole(x.device.info.variant, pixels, width)) return slicedMoments(x, layout);
  const statistics = Tensor.empty([pictures, groups, 2], 'f32', x.device);
  const { across, subgroup, n, grid } = foldGrid(x.device.info, pictures * groups, pixels * width, 1);
  const options = { ...grid, uniforms: uniforms(n), flops: 4 * x.size };
  dispatch(wholeMoments(width % 4 === 0, across, subgroup, x.dtype), [x], [statistics], options);
  return statistics;
}

/**
 * Whether a group is folded in one go. A workgroup of a GPU reads up to 16,384 numbers twice without much waiting, if at least
 * eight lie side by side; everywhere an invocation does so with one pixel, whose slices would be single numbers.
 */
const foldsWhole = (variant: Variant, pixels: number, width: number): boolean =>
  pixels === 1 || (variant === 'gpu' && pixels * width >= 64 && pixels * width <= 16384 && width >= 8);

function slicedMoments(x: Tensor, { pictures, pixels, channels, slices, groups, wide, uniforms }: NormLayout): Tensor {
  const { info } = x.device;
  const sliced = Tensor.empty([pictures, slices, channels, 2], 'f32', x.device);
  const fold = foldGrid(info, pictures * slices, pixels / slices, channels / (wide ? 4 : 1));
  const options = { ...fold.grid, uniforms: uniforms(fold.n), flops: 4 * x.size };
  dispatch(sliceMoments(wide, fold.across, x.dtype), [x], [sliced], options);
  const statistics = Tensor.empty([pictures, groups, 2], 'f32', x.device);
  const merge = foldGrid(info, pictures * groups, (slices * channels) / groups, 1);
  dispatch(groupMoments(wide, merge.across), [sliced], [statistics], { ...merge.grid, uniforms: uniforms(merge.n) });
  return statistics;
}

export function affine(
  x: Tensor,
  statistics: Tensor,
  gamma: Tensor,
  beta: Tensor,
  layout: NormLayout,
  activation: NormActivation,
): Tensor {
  const y = Tensor.empty(x.shape, x.dtype, x.device);
  const grid = {
    uniforms: layout.uniforms(layout.mappers),
    invocations: layout.mappers,
    flops: (activation === 'none' ? 4 : 8) * x.size,
  };
  dispatch(normalise(layout.wide, layout.alike, activation, x.dtype), [x, statistics, gamma, beta], [y], grid);
  return y;
}

/** The sums of more pictures are added by a kernel made for it. */
const FEW_PICTURES = 64;

interface Saved extends Readonly<Record<string, Tensor>> {
  readonly x: Tensor;
  readonly gamma: Tensor;
  readonly beta: Tensor;
  readonly statistics: Tensor;
}

export function gradients(
  g: Tensor,
  saved: Saved,
  layout: NormLayout,
  activation: NormActivation,
  needs: readonly boolean[],
): (Tensor | null)[] {
  const { pictures, pixels, channels, slices, groups, wide, alike, uniforms } = layout;
  const { x, gamma, beta, statistics } = saved;
  const operands = [x, statistics, gamma, beta, g];
  const partial = Tensor.empty([pictures, slices, 2, channels], 'f32', x.device);
  const { info } = x.device;
  const fold = foldGrid(info, pictures * slices, pixels / slices, channels / (wide ? 4 : 1));
  const options = { ...fold.grid, uniforms: uniforms(fold.n), flops: 8 * x.size };
  dispatch(sliceGradients(wide, alike, activation, fold.across, x.dtype), operands, [partial], options);
  const sums = sum(partial, { axes: [1] });
  const total = pictures > FEW_PICTURES ? sum(sums, { axes: [0] }) : sums;
  const [dgamma, dbeta] = [0, 1].map(() => Tensor.empty([channels], x.dtype, x.device)) as [Tensor, Tensor];
  const affineUniforms = [channels, total.size / (2 * channels)];
  dispatch(affineGradients(x.dtype), [total], [dgamma, dbeta], { uniforms: affineUniforms, invocations: channels });
  return [needs[0] ? dx() : null, needs[1] ? dgamma : null, needs[2] ? dbeta : null];

  function dx(): Tensor {
    const means = Tensor.empty([pictures, groups, 2], 'f32', x.device);
    const merge = foldGrid(info, pictures * groups, channels / groups, 1);
    const kernel = groupGradients(merge.across, merge.subgroup, x.dtype);
    dispatch(kernel, [sums, gamma], [means], { ...merge.grid, uniforms: uniforms(merge.n) });
    const result = Tensor.empty(x.shape, x.dtype, x.device);
    const grid = { uniforms: uniforms(layout.mappers), invocations: layout.mappers, flops: 8 * x.size };
    dispatch(inputGradient(wide, alike, activation, x.dtype), [...operands, means], [result], grid);
    return result;
  }
}

function check(x: Tensor, gamma: Tensor, beta: Tensor, groups: number): void {
  const channels = x.shape.at(-1) ?? 0;
  expectDType('groupNorm', 'x', x.dtype, ['f32', 'f16']);
  if (x.shape.length < 2) throw new ShapeError(`groupNorm: expected x [B, .., C], got ${format(x.shape)}`);
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0)
    throw new ShapeError(`groupNorm: ${channels} channels do not divide into ${groups} groups (x ${format(x.shape)})`);
  checkAffine('groupNorm', x, { gamma, beta });
}

/** Refuses affine parameters whose shape is not [C] or whose dtype is not x's. */
export function checkAffine(op: string, x: Tensor, parameters: Readonly<Record<string, Tensor>>): void {
  const channels = x.shape.at(-1) ?? 0;
  for (const [name, value] of Object.entries(parameters)) {
    if (value.shape.length !== 1 || value.shape[0] !== channels)
      throw new ShapeError(
        `${op}: ${name} has shape ${format(value.shape)}, expected [${channels}] (x ${format(x.shape)})`,
      );
    if (value.dtype !== x.dtype)
      throw new DTypeError(`${op}: ${name} is ${value.dtype}, x is ${x.dtype}; cast one of them`);
  }
}
