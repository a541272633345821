import { expect, test } from 'vitest';
import { evaluationLines, thresholdNote } from '../../src/cli/commands/evaluate.ts';
import { calibrate } from '../../src/metrics/calibrate.ts';
import { reportData } from '../report/report-data.ts';

test('without masks every figure of pixels is a dash, the PSNR inside defects too', () => {
  const lines = evaluationLines(reportData.evaluation);
  expect(lines.find((line) => line.startsWith('pixel AP '))).toMatch(/^pixel AP +- +trivial: -$/);
  expect(lines.find((line) => line.startsWith('PSNR'))).toMatch(
    /^PSNR in \/ outside \/ normal +- \/ 20\.0 \/ 21\.0 +dB;/,
  );
  expect(lines.join('\n')).not.toContain('NaN');
});

test('what the model’s own threshold makes of the test pictures is said, in all and for each kind', () => {
  const lines = evaluationLines(reportData.evaluation).map((line) => line.replace(/ {2,}/g, ' | '));
  expect(lines).toContain('threshold | 0.500 | finds 2 of 2 defective pictures, rejects 1 of 7 good ones');
  expect(lines).toContain('dent<b> | 2 | 2 | 0.900 | -');
  const without = evaluationLines({
    ...reportData.evaluation,
    threshold: null,
    verdicts: null,
    perDefect: reportData.evaluation.perDefect.map((row) => ({ ...row, found: null })),
  });
  expect(without.join('\n')).not.toMatch(/finds|null/);
});

test('a model that was never calibrated is not said to have a threshold', () => {
  expect(thresholdNote(null)).toMatch(/^this model has no threshold/);
  expect(thresholdNote(calibrate([0.1, 0.5]))).toContain('Chosen from 2 held-out normal pictures, never');
});
