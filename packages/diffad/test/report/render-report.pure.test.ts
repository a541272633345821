import { expect, test } from 'vitest';
import { escapeHtml, inlineJson } from '../../src/report/escape.ts';
import { renderReport } from '../../src/report/render-report.ts';
import type { ReportData } from '../../src/report/report-data.ts';

const data: ReportData = {
  title: 'parts <script>alert(1)</script>',
  setup: [['data', '/data/"parts" & more']],
  metrics: [1, 2].map((step) => ({ stage: 'vae' as const, step, seconds: step, loss: 1 / step })),
  evaluation: {
    imageAuroc: 0.9,
    pixelAuroc: null,
    pixelAp: null,
    auPro: null,
    bestF1: { f1: 0.8, threshold: 0.4 },
    threshold: 0.5,
    maskMode: 'gt0.5',
    perDefect: [{ kind: 'dent<b>', pictures: 2, imageAuroc: 0.9, pixelAp: null }],
    psnr: { inside: Number.NaN, outside: 20, normal: 21 },
    baselines: { imageAuroc: { brightness: 0.5 }, pixelAp: {} },
    control: null,
    secondsPerImage: 0.1,
  },
  calibration: { threshold: 0.5, alarmsPer1000: 10, scores: [0.1, 0.2], method: 'extrapolated' },
  scores: [
    { path: 'a', kind: 'good', score: 0.1 },
    { path: '</script>', kind: 'dent', score: 0.9 },
  ],
  curves: {
    roc: [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
    precisionRecall: [],
    pro: [],
  },
  pictures: [{ path: 'x"y.png', kind: 'dent', score: 0.9, verdict: 'NG', panel: 'data:image/png;base64,AA==' }],
  samplingStrip: null,
};

test('a report is one page that loads nothing, whatever the names in it', async () => {
  const page = await renderReport(data);
  expect(page.match(/<script>/g)).toHaveLength(1);
  expect(page.match(/<\/script>/g)).toHaveLength(1);
  expect(page.match(/(src|href)="(?!data:)[^"]*"|url\((?!#|data:)|@import|fetch\(/g)).toBeNull();
  expect(page).toContain('<td>dent&lt;b&gt;</td><td>2</td><td>0.900</td><td>–</td>');
  expect(page).toContain('alt="x&quot;y.png"');
  expect(page).toContain('Threshold 0.500: 10 false alarms per 1000 normal pictures expected, extrapolated');
  expect(page).toContain('Chosen from 2 held-out normal training pictures, never from the test set. Masks: gt0.5.');
  expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(2);
  const without = await renderReport({ ...data, calibration: null, metrics: [] });
  expect(without).toContain('The model has no threshold yet.');
});

test('text and JSON cannot leave where they stand', () => {
  expect(escapeHtml(`<a href="x" title='y'>&`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;');
  expect(inlineJson({ a: '</script><!--' })).not.toContain('<');
  expect(JSON.parse(inlineJson({ a: '</script>' }))).toEqual({ a: '</script>' });
});
