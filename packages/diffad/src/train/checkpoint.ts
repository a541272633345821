import type { LoadedFile, Savable } from '@diffad/nn';
import { DiffAD } from '../diffad.ts';
import type { Model } from '../model.ts';
import { loadModelTensors, modelTensors } from '../model-file.ts';
import type { Stage, StageName } from './stage.ts';

/** Where a run stands; kept as JSON in the checkpoint's metadata. */
export interface Position {
  readonly stage: StageName;
  /** Steps done in this stage. */
  readonly step: number;
  readonly latentScale: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface Checkpoint {
  readonly tensors: Record<string, Savable>;
  readonly metadata: Record<string, string>;
}

/** Everything a run needs to go on to the bit. */
export function checkpointOf(model: Model, stage: Stage, step: number): Checkpoint {
  const { tensors, counts } = stage.state();
  const latentScale = model instanceof DiffAD ? model.latentScale : 1;
  const position: Position = { stage: stage.name, step, latentScale, counts };
  return { tensors: { ...modelTensors(model), ...tensors }, metadata: { position: JSON.stringify(position) } };
}

export function positionOf({ metadata }: Pick<LoadedFile, 'metadata'>): Position {
  if (metadata.position === undefined)
    throw new RangeError('the checkpoint does not say where its run stood; it was written by another version');
  return JSON.parse(metadata.position) as Position;
}

/** Overwrites the networks with the checkpoint's. */
export function restoreModel(model: Model, file: LoadedFile): void {
  loadModelTensors(model, file);
  if (model instanceof DiffAD) model.latentScale = positionOf(file).latentScale;
}
