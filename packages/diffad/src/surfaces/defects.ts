import { missingPiece } from './defects/missing-piece.ts';
import { scratch } from './defects/scratch.ts';
import type { Defect } from './defects/spoil.ts';
import { spot } from './defects/spot.ts';

/** Ways to spoil a generated surface, by the name of their folder. */
export const defects = {
  scratch,
  spot,
  missing: missingPiece,
} as const satisfies Readonly<Record<string, Defect>>;

export type DefectName = keyof typeof defects;
