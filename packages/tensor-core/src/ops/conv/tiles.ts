import type { DeviceInfo } from '../../gpu/device.ts';
import type { Width } from '../../wgsl/conv/subgroup-lanes.ts';
import { SUBGROUP } from '../../wgsl/subgroup-tile.ts';
import type { Geometry } from './geometry.ts';

/** Tiles in workgroup memory move four channels at a time and pay once they fill half of their columns; register tiles do the rest. */
export const usesTiles = ({ variant }: DeviceInfo, channels: number, others: number): boolean =>
  variant === 'gpu' && channels >= 16 && channels % 4 === 0 && others % 4 === 0;

/** Subgroups pay once a group has channels for most of their invocations; two are enough where it is the only one. */
export const usesSubgroups = ({ variant, subgroupSize }: DeviceInfo, channels: number, groups: number): boolean =>
  variant === 'software' && subgroupSize === SUBGROUP && channels > (groups === 1 ? 1 : SUBGROUP / 2);

export const subgroupWidth = (channels: number): Width => (channels % 32 === 0 ? 4 : channels % 16 === 0 ? 2 : 1);

/** Subgroups side by side for the output channels of a group. */
export const subgroupBlocks = (channels: number, width: Width): number => Math.ceil(channels / width / SUBGROUP);

/** Taps of a row whose sums one subgroup can hold. */
const MOST_TAPS = 3;

/** Whether neighbouring taps read neighbouring columns, so that a column loaded once serves a whole row of taps. */
export const sharesColumns = ({ stride, dilation, columns }: Geometry): boolean =>
  stride === 1 && dilation === 1 && columns > 1 && columns <= MOST_TAPS;
