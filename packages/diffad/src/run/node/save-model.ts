import { saveSafetensors } from '@diffad/nn';
import { DiffAD } from '../../diffad.ts';
import type { Model } from '../../model.ts';
import { manifestMetadata, modelTensors } from '../../model-file.ts';

/** Writes the weights and everything needed to judge with them as one file. */
export const saveModel = (model: Model, path: string): Promise<void> =>
  saveSafetensors(
    path,
    modelTensors(model),
    manifestMetadata({
      config: model.config,
      latentScale: model instanceof DiffAD ? model.latentScale : 1,
      calibration: model.calibration,
    }),
  );
