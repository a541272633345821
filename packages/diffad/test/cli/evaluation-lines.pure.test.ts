import { expect, test } from 'vitest';
import { evaluationLines } from '../../src/cli/commands/evaluate.ts';
import { reportData } from '../report/report-data.ts';

test('without masks every figure of pixels is a dash, the PSNR inside defects too', () => {
  const lines = evaluationLines(reportData.evaluation);
  expect(lines.find((line) => line.startsWith('pixel AP '))).toMatch(/^pixel AP +- +trivial: -$/);
  expect(lines.find((line) => line.startsWith('PSNR'))).toMatch(
    /^PSNR in \/ outside \/ normal +- \/ 20\.0 \/ 21\.0 +dB;/,
  );
  expect(lines.join('\n')).not.toContain('NaN');
});
