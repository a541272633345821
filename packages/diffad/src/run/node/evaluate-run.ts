import { preprocessOf } from '../../config/preprocess-of.ts';
import { loadSamples } from '../../data/node/load-samples.ts';
import { openDataset } from '../../data/node/open-dataset.ts';
import { testSamples } from '../../data/roles.ts';
import { preprocess } from '../../image/preprocess.ts';
import { type EvaluateOptions, evaluate, type Labelled } from '../../inspect/evaluate.ts';
import type { Model } from '../../model.ts';

/** Evaluates on the test pictures of a data set; its training normals serve the trivial baselines. */
export async function evaluateOn(model: Model, data: string, options: EvaluateOptions = {}) {
  const dataset = await openDataset(data);
  const pictures = await loadSamples(
    data,
    testSamples(dataset, data),
    ({ sample: { path, kind }, image, mask }): Labelled => ({ path, kind, image, mask }),
  );
  const small = (image: Labelled['image']) =>
    preprocess(image, { ...preprocessOf(model.config), channelOrder: 'rgb' }).image;
  const normals = await loadSamples(data, dataset.train, ({ image }) => small(image));
  return { ...(await evaluate(model, pictures, normals, options)), pictures };
}
