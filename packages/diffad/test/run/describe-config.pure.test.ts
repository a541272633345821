import { expect, test } from 'vitest';
import { resolveConfig } from '../../src/index.ts';
import { describeConfig } from '../../src/run/node/report-run.ts';

test.each([
  ['paper', 'diffad', [], 'focal'],
  ['tiny', 'diffad', [], 'focal, 0.1 of Dice'],
  ['tiny', 'draem', ['scoring.lossWeight=0.03'], 'focal, 0.1 of Dice, 0.03 of the scores'],
] as const)('a report of %s, %s, %j names the loss: %s', (preset, method, assignments, loss) => {
  const facts = new Map(describeConfig(resolveConfig({ preset, assignments: [`method=${method}`, ...assignments] })));
  expect(facts.get('loss of what is marked')).toBe(loss);
  expect(facts.has('redrawings')).toBe(method === 'diffad');
});
