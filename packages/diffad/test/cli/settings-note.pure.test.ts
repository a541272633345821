import { expect, test } from 'vitest';
import { settingsNote } from '../../src/cli/settings-note.ts';
import { type ConfigChoice, resolveConfig } from '../../src/index.ts';

const calibration = { threshold: 0.4, alarmsPer1000: 10, scores: [0.1, 0.2], method: 'extrapolated' } as const;
const model = (choice: ConfigChoice = {}) => ({ config: resolveConfig(choice), calibration });
const patch = { assignments: ['patch={"overlap":0.25}'] };

test('options by which a limit was not chosen are named, with the model’s own', () => {
  const { steps, redrawings } = model().config.sampling;
  expect(settingsNote(model(), { steps: 9, redrawings: 7, tile: true })).toBe(
    `the limit 0.400 was chosen without --tile, --steps 9 (the model’s: ${steps}), --redrawings 7 (the model’s: ${redrawings}); how many good parts exceed it is not known, --threshold sets another`,
  );
  expect(settingsNote(model(patch), { tile: true, redrawings: 7 })).toMatch(
    /^the limit 0\.400 was chosen without --redrawings 7 /,
  );
});

test('the model’s own settings, what its method has no use for, and a model without a limit need no word', () => {
  const { steps, redrawings } = model().config.sampling;
  expect(settingsNote(model(), {})).toBeNull();
  expect(settingsNote(model(), { steps, redrawings })).toBeNull();
  expect(settingsNote(model(patch), { tile: true })).toBeNull();
  expect(settingsNote(model({ assignments: ['method=draem'] }), { steps: 9, redrawings: 7 })).toBeNull();
  expect(settingsNote({ ...model(), calibration: null }, { tile: true })).toBeNull();
});
