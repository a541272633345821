import { type Savable, type Sink, saveSafetensors } from '@diffad/nn';
import { DiffAD } from './diffad.ts';
import { packMask } from './image/packed-mask.ts';
import type { Model } from './model.ts';
import { manifestMetadata, modelTensors } from './model-file.ts';

export interface SaveOptions {
  /** Write 16 bits a weight; default false. */
  readonly half?: boolean;
  /** Kept in the file for people. */
  readonly note?: string;
}

/** Writes the weights and everything needed to judge with them as one file: a path (Node only), or whatever takes bytes. */
export const saveModel = (model: Model, to: string | Sink, { half = false, note }: SaveOptions = {}): Promise<void> =>
  saveSafetensors(
    to,
    half ? halved(modelTensors(model)) : modelTensors(model),
    manifestMetadata({
      config: model.config,
      latentScale: model instanceof DiffAD ? model.latentScale : 1,
      usualDifference: model instanceof DiffAD ? model.usualDifference : null,
      usualLevel: model.usualLevel,
      region: model.region && packMask(model.region),
      calibration: model.calibration,
      golden: model.golden,
      ...(note !== undefined && { note }),
    }),
  );

/** The same numbers, to be written in 16 bits. */
export const halved = (tensors: Readonly<Record<string, Savable>>): Record<string, Savable> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, { ...tensor, dtype: 'f16' as const }]));
