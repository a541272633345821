import { expect, test } from 'vitest';
import { detection } from '../../src/ablation/paper/detection.ts';
import { draem } from '../../src/ablation/paper/draem.ts';
import { inferenceTime } from '../../src/ablation/paper/inference-time.ts';
import { localisation } from '../../src/ablation/paper/localisation.ts';
import { type PaperTable, paperTable, printed } from '../../src/ablation/paper/paper-table.ts';
import { samplingSteps } from '../../src/ablation/paper/sampling-steps.ts';

const classes = (table: PaperTable): string[] => table.rows.filter((row) => row !== 'average');
const value = (table: PaperTable, row: string, column: string): number => table.figure(row, column)?.value as number;
const meanOf = (table: PaperTable, column: string): number =>
  classes(table).reduce((sum, row) => sum + value(table, row, column), 0) / classes(table).length;

/** Columns whose printed mean is not the mean of what is printed above it. Spec 5.4. */
const CONTRADICTORY = ['s20 auroc', 's20 ap'];

test.each([
  ['table 1', detection],
  ['table 2', localisation],
  ['main tables 2 and 3, DRAEM', draem],
  ['table 4', samplingSteps],
])('%s: 15 classes, and every printed mean is that of its column', (_, table) => {
  expect(classes(table)).toHaveLength(15);
  for (const column of table.columns) {
    const difference = Math.abs(meanOf(table, column) - value(table, 'average', column));
    const sound = difference < 0.06; // cells and mean are rounded to 0.1 each
    expect([column, sound]).toEqual([column, !CONTRADICTORY.includes(column)]);
  }
});

test('the cell that contradicts its column is marked, and one near its neighbours would restore the mean', () => {
  expect(printed(samplingSteps.figure('grid', 's20 auroc'))).toBe('97.9 (suspect)');
  const others = meanOf(samplingSteps, 's20 auroc') - (97.9 - 99.65) / 15;
  expect(Math.abs(others - value(samplingSteps, 'average', 's20 auroc'))).toBeLessThan(0.05);
});

test('the full variant of tables 1 and 2 is the 50-step column of table 4', () => {
  for (const row of detection.rows) {
    expect(value(samplingSteps, row, 's50 det')).toBe(value(detection, row, 'full'));
    expect(value(samplingSteps, row, 's50 auroc')).toBe(value(localisation, row, 'full auroc'));
    expect(value(samplingSteps, row, 's50 ap')).toBe(value(localisation, row, 'full ap'));
  }
});

test('table 5 repeats the means', () => {
  for (const [column, table, own] of [
    ['image auroc', detection, 'full'],
    ['pixel auroc', localisation, 'full auroc'],
    ['pixel ap', localisation, 'full ap'],
  ] as const)
    expect(value(inferenceTime, 'DiffAD', column)).toBe(value(table, 'average', own));
  for (const column of draem.columns)
    expect(value(inferenceTime, 'DRAEM', column)).toBe(value(draem, 'average', column));
});

test('figures are printed with what is wrong with them', () => {
  expect(printed(detection.figure('tile', 'dir'))).toBe('90.5 (inferred digit)');
  expect(printed(detection.figure('carpet', 'full'))).toBe('98.3 (inferred point)');
  expect(printed(detection.figure('average', 'full'))).toBe('98.7');
  expect(printed(inferenceTime.figure('DiffAD', 'seconds'), 2)).toBe('0.10 (reported)');
  expect(printed(detection.figure('ball_screw', 'full'))).toBe('-');
});

test('a mark without its cell is refused', () => {
  expect(() => paperTable('class,a\nx,1', { suspect: ['x/b'] })).toThrow('no cell x/b to mark as suspect');
});
