import { GOOD } from './dataset.ts';

const NORMAL = new Set([GOOD, 'ok', 'normal', 'free', 'defect_free']);
const MASKS = new Set(['ground_truth', 'groundtruth', 'mask', 'masks']);

const DEFECTIVE = new Set(['bad', 'ko', 'ng', 'defect', 'defects', 'defective', 'anomaly', 'anomalies', 'anomalous']);

/** The kind a folder's name stands for; what different data sets call normal is `good`. */
export const kindOf = (folder: string): string => (NORMAL.has(folder.toLowerCase()) ? GOOD : folder);

export const isMaskFolder = (folder: string): boolean => MASKS.has(folder.toLowerCase());

/** Whether a folder's name says that its pictures are not normal. */
export const isDefectFolder = (folder: string): boolean => DEFECTIVE.has(folder.toLowerCase());

/** A path without its extension. */
export const stemOf = (path: string): string => path.replace(/\.[^./]*$/, '');

/** Parts of a path: folders and the file's name. */
export const partsOf = (path: string): string[] => path.split('/');
