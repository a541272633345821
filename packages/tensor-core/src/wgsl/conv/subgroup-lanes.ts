import { lines } from '../lines.ts';
import { SUBGROUP } from '../subgroup-tile.ts';

/** Output channels of one invocation. */
export type Width = 4 | 2 | 1;

/** Where a subgroup of a gather kernel begins, and which vector `o` of `width` output channels an invocation makes. */
export const gatherLanes = (pixels: number, width: Width): string => `
  let perGroup = u.inChannels / u.groups;
  let vectors = u.outChannels / u.groups / ${width}u;
  let blocks = (vectors + ${SUBGROUP - 1}u) / ${SUBGROUP}u;
  let block = wg % blocks;
  let group = wg / blocks % u.groups;
  let first = wg / blocks / u.groups * ${pixels}u;
  if (first >= u.limit) { return; }
  let lane = block * ${SUBGROUP}u + lid;
  let o = group * vectors + min(lane, vectors - 1u);
  let channels = u.outChannels / ${width}u;`;

/** The same for the weight gradient, whose workgroups make `taps` taps of `tileIn` input channels; the invocation loads channels i0, i1, ... */
export const weightLanes = (tap: string, taps: number, tileIn: number, width: Width): string => `
  let tile = wg % u.groupsOut;
  let tileI = wg / u.groupsOut % u.tilesIn;
  let ${tap} = wg / u.groupsOut / u.tilesIn % (u.taps / ${taps}u);
  let split = wg / u.groupsOut / u.tilesIn / (u.taps / ${taps}u);
  if (split >= u.splits) { return; }
  let perGroup = u.inChannels / u.groups;
  let vectors = u.outChannels / u.groups / ${width}u;
  let blocks = u.groupsOut / u.groups;
  let lane = tile % blocks * ${SUBGROUP}u + lid;
  let o = tile / blocks * vectors + min(lane, vectors - 1u);
  let firstIn = tile / blocks * perGroup;
  let channels = u.outChannels / ${width}u;
  ${lines(tileIn / SUBGROUP, (n) => `let i${n} = firstIn + min(tileI * ${tileIn}u + ${SUBGROUP * n}u + lid, perGroup - 1u);`)}`;
