import { preprocessOf } from '../../config/preprocess-of.ts';
import type { DiffADConfig } from '../../config/schema.ts';
import { loadSamples } from '../../data/node/load-samples.ts';
import { openDataset } from '../../data/node/open-dataset.ts';
import { testSamples } from '../../data/roles.ts';
import type { Image } from '../../image/image.ts';
import { preprocess } from '../../image/preprocess.ts';
import { evaluate } from '../../inspect/evaluate.ts';
import type { EvaluateOptions, Labelled } from '../../inspect/tested.ts';
import type { Model } from '../../model.ts';

/** What an evaluation needs of a data set. */
export interface TestData {
  readonly pictures: readonly Labelled[];
  /** Training normals as the networks see them, for the trivial baselines. */
  readonly normals: readonly Image[];
}

/** Reads the test pictures of a data set, and its training normals for the trivial baselines. */
export async function loadTestData(data: string, config: DiffADConfig): Promise<TestData> {
  const dataset = await openDataset(data);
  const pictures = await loadSamples(
    data,
    testSamples(dataset, data),
    ({ sample: { path, kind }, image, mask }): Labelled => ({ path, kind, image, mask }),
  );
  const options = { ...preprocessOf(config), channelOrder: 'rgb' } as const;
  const normals = await loadSamples(data, dataset.train, ({ image }) => preprocess(image, options).image);
  return { pictures, normals };
}

/** Evaluates on the test pictures of a data set. */
export async function evaluateOn(model: Model, data: string, options: EvaluateOptions = {}) {
  const { pictures, normals } = await loadTestData(data, model.config);
  return { ...(await evaluate(model, pictures, normals, options)), pictures };
}
