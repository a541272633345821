import { expect, test } from 'vitest';
import { curve } from '../../src/report/charts.ts';
import { escapeHtml, inlineJson } from '../../src/report/escape.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { reportData, unjudged } from './report-data.ts';

test('a report is one page that loads nothing, whatever the names in it', async () => {
  const page = await renderReport(reportData);
  expect(page.match(/<script>/g)).toHaveLength(1);
  expect(page.match(/<\/script>/g)).toHaveLength(1);
  expect(page.match(/(src|href)="(?!data:)[^"]*"|url\((?!#|data:)|@import|fetch\(/g)).toBeNull();
  expect(page).toContain('<td>dent&lt;b&gt;</td><td>2</td><td>2</td><td>0.900</td><td>–</td>');
  expect(page).toContain('<b>2 of 2</b><span>defective pictures found</span>');
  expect(page).toContain('<b>1 of 7</b><span>good pictures rejected</span>');
  expect(page).toContain('alt="x&quot;y.png"');
  expect(page).toContain('Threshold 0.500: 10 false alarms per 1000 normal pictures expected, extrapolated');
  expect(page).toContain('Chosen from 2 held-out normal pictures, never from the test set. Masks: gt0.5.');
  expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(2);
  const without = await renderReport({ ...reportData, calibration: null, metrics: [] });
  expect(without).toContain('The model has no threshold yet.');
});

test('a curve that is shown up to a limit is drawn to it, wherever its next point lies', async () => {
  const points = [
    { x: 0, y: 0 },
    { x: 0.1, y: 0.5 },
    { x: 0.9, y: 1 },
  ];
  const [, path] = /d="(M[^"Z]+)"[^>]*stroke="#2f81f7"/.exec(await curve('pro', 'x', 'y', points, 0.3)) ?? [];
  const last = Number(path?.split('L').at(-1)?.split(',')[0]);
  expect(last).toBeGreaterThanOrEqual(240);
});

test('how many of the pictures are shown, and in how many steps they were judged, is said', async () => {
  const page = await renderReport({ ...reportData, samplingStrip: 'data:image/png;base64,AA==' });
  expect(page).toContain('<h2>Pictures, the worst misses first: 1 of 2</h2>');
  expect(page).toContain('<p>Pictures are judged with the sampling steps named in the set-up.</p>');
});

test('without test pictures the page says what is missing, and shows how the model learned and its threshold', async () => {
  const page = await renderReport(unjudged);
  expect(page).toContain('Not evaluated: that needs normal test pictures');
  expect(page).toContain(
    'test/&lt;defect&gt;, and the data set has not both. Name one that has: diffad report RUN --data DIR.',
  );
  expect(page).toContain('Chosen from 2 held-out normal pictures, never from the test set.</p><div id="histogram">');
  expect(page.match(/<h2>[^<]+/g)).toEqual(['<h2>Scores of held-out normal pictures', '<h2>Training', '<h2>Set-up']);
  expect(page).toContain('<td>vae</td><td>psnr</td><td>22.0</td><td>after step 2</td>');
  expect(page).toContain('<div class="charts"><svg');
  const bare = await renderReport({ ...unjudged, calibration: null, scores: [] });
  expect(bare).toContain('The model has no threshold yet.');
  expect(bare).not.toMatch(/<script>|undefined|NaN|<h2>[^<]+<\/h2>\s*<h2>/);
});

test('a trivial baseline has one row, with a blank where it has no figure', async () => {
  const baselines = { imageAuroc: { brightness: 0.5, darkness: 0.6 }, pixelAp: { darkness: 0.1, meanPicture: 0.2 } };
  const page = await renderReport({ ...reportData, evaluation: { ...reportData.evaluation, baselines } });
  for (const row of [
    '<td>trivial: brightness</td><td></td><td></td><td>0.500</td><td></td>',
    '<td>trivial: darkness</td><td></td><td></td><td>0.600</td><td>0.100</td>',
    '<td>trivial: distance from the mean picture</td><td></td><td></td><td></td><td>0.200</td>',
  ])
    expect(page).toContain(row);
});

test('text and JSON cannot leave where they stand', () => {
  expect(escapeHtml(`<a href="x" title='y'>&`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;');
  expect(inlineJson({ a: '</script><!--' })).not.toContain('<');
  expect(JSON.parse(inlineJson({ a: '</script>' }))).toEqual({ a: '</script>' });
});
