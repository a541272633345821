import { InvalidArgumentError } from 'commander';
import { MODEL_ENDING } from '../model-file.ts';

/** Where a model file goes: under a name that the other commands read as one. */
export function modelPath(value: string): string {
  if (!value.endsWith(MODEL_ENDING))
    throw new InvalidArgumentError(`Expected a name that ends in ${MODEL_ENDING}; any other is read as a run folder.`);
  return value;
}
