import { ShapeError } from '@diffad/tensor-core';

/** Refuses channels that do not divide into groups, naming both numbers. */
export function checkGroups(layer: string, channels: number, kind: string, groups: number): void {
  if (Number.isInteger(groups) && groups >= 1 && channels % groups === 0) return;
  throw new ShapeError(`${layer}: ${channels} ${kind} do not divide into ${groups} groups`);
}
