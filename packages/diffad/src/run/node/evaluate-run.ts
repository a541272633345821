import { preprocessOf } from '../../config/preprocess-of.ts';
import { DatasetError } from '../../data/dataset.ts';
import { type LoadedSample, loadSamples, readSamples } from '../../data/node/load-samples.ts';
import { openDataset } from '../../data/node/open-dataset.ts';
import { testSamples } from '../../data/roles.ts';
import type { Image } from '../../image/image.ts';
import { preprocess } from '../../image/preprocess.ts';
import { evaluate } from '../../inspect/evaluate.ts';
import type { EvaluateOptions, Labelled } from '../../inspect/tested.ts';
import type { Model } from '../../model.ts';

/** What an evaluation needs of a data set. */
export interface TestData {
  /** The test pictures, read anew whenever they are gone through, a few ahead. */
  readonly pictures: AsyncIterable<Labelled>;
  readonly count: number;
  /** One of them, by its path in the data set. */
  readonly read: (path: string) => Promise<Labelled>;
  /** Training normals as the networks see them, for the trivial baselines. */
  readonly normals: readonly Image[];
}

const labelled = ({ sample: { path, kind }, image, mask }: LoadedSample): Labelled => ({ path, kind, image, mask });

/** Whether a data set has test pictures that can be evaluated on. Throws where there is no data set. */
export async function hasTestSet(data: string): Promise<boolean> {
  const dataset = await openDataset(data);
  try {
    return testSamples(dataset, data).length > 0;
  } catch (error) {
    if (error instanceof DatasetError) return false;
    throw error;
  }
}

/** Opens the test pictures of a data set, and reads its training normals for the trivial baselines. */
export async function loadTestData(
  data: string,
  { config, region }: Pick<Model, 'config' | 'region'>,
): Promise<TestData> {
  const dataset = await openDataset(data);
  const samples = testSamples(dataset, data);
  const options = { ...preprocessOf(config, region), channelOrder: 'rgb' } as const;
  return {
    pictures: readSamples(data, samples, labelled, region),
    count: samples.length,
    read: async (path) => {
      const [one] = await loadSamples(
        data,
        samples.filter((sample) => sample.path === path),
        labelled,
        region,
      );
      if (!one) throw new RangeError(`${data}: has no test picture ${path}`);
      return one;
    },
    normals: await loadSamples(data, dataset.train, ({ image }) => preprocess(image, options).image, region),
  };
}

/** Evaluates on the test pictures of a data set. */
export async function evaluateOn(
  model: Model,
  data: string,
  options: Omit<EvaluateOptions, 'onProgress'> & { readonly onProgress?: (done: number, total: number) => void } = {},
) {
  const test = await loadTestData(data, model);
  const { onProgress, ...judging } = options;
  const evaluated = await evaluate(model, test.pictures, test.normals, {
    ...judging,
    ...(onProgress && { onProgress: (done) => onProgress(done, test.count) }),
  });
  return { ...evaluated, read: test.read };
}
