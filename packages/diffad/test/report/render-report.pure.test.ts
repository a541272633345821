import { expect, test } from 'vitest';
import { escapeHtml, inlineJson } from '../../src/report/escape.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { reportData } from './report-data.ts';

test('a report is one page that loads nothing, whatever the names in it', async () => {
  const page = await renderReport(reportData);
  expect(page.match(/<script>/g)).toHaveLength(1);
  expect(page.match(/<\/script>/g)).toHaveLength(1);
  expect(page.match(/(src|href)="(?!data:)[^"]*"|url\((?!#|data:)|@import|fetch\(/g)).toBeNull();
  expect(page).toContain('<td>dent&lt;b&gt;</td><td>2</td><td>0.900</td><td>–</td>');
  expect(page).toContain('alt="x&quot;y.png"');
  expect(page).toContain('Threshold 0.500: 10 false alarms per 1000 normal pictures expected, extrapolated');
  expect(page).toContain('Chosen from 2 held-out normal training pictures, never from the test set. Masks: gt0.5.');
  expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(2);
  const without = await renderReport({ ...reportData, calibration: null, metrics: [] });
  expect(without).toContain('The model has no threshold yet.');
});

test('a trivial baseline has one row, with a blank where it has no figure', async () => {
  const baselines = { imageAuroc: { brightness: 0.5, darkness: 0.6 }, pixelAp: { darkness: 0.1, meanPicture: 0.2 } };
  const page = await renderReport({ ...reportData, evaluation: { ...reportData.evaluation, baselines } });
  for (const row of [
    '<td>trivial: brightness</td><td></td><td>0.500</td><td></td>',
    '<td>trivial: darkness</td><td></td><td>0.600</td><td>0.100</td>',
    '<td>trivial: distance from the mean picture</td><td></td><td></td><td>0.200</td>',
  ])
    expect(page).toContain(row);
});

test('text and JSON cannot leave where they stand', () => {
  expect(escapeHtml(`<a href="x" title='y'>&`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;');
  expect(inlineJson({ a: '</script><!--' })).not.toContain('<');
  expect(JSON.parse(inlineJson({ a: '</script>' }))).toEqual({ a: '</script>' });
});
