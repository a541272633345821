import { type Dataset, DatasetError, GOOD, type Sample } from './dataset.ts';

/** One to learn from, two to choose the threshold by. */
const LEAST = 3;

/** The normal pictures to learn from. Throws DatasetError below three: one to learn from, two to choose the threshold by. */
export function trainingSamples(dataset: Dataset, root: string): readonly Sample[] {
  const { train } = dataset;
  if (train.length === 0)
    throw new DatasetError(`${root}: no normal pictures to learn from; put them into train/good, or straight into it`);
  if (train.length < LEAST)
    throw new DatasetError(
      `${root}: only ${train.length} normal picture${train.length > 1 ? 's' : ''} (${train[0]?.path}); training needs ${LEAST} at least and does well from about 30`,
    );
  return train;
}

/** The pictures to evaluate on. Throws DatasetError unless some are normal and some are defective. */
export function testSamples(dataset: Dataset, root: string): readonly Sample[] {
  const { test } = dataset;
  const good = test.filter(({ kind }) => kind === GOOD).length;
  if (good === 0 || good === test.length)
    throw new DatasetError(
      `${root}: ${good} normal and ${test.length - good} defective test pictures; evaluation needs both, in test/good and test/<defect>`,
    );
  return test;
}
