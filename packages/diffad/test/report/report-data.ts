import type { ReportData } from '../../src/report/report-data.ts';

/** Names that try to break out of the page, and no pixel metrics. */
export const reportData = {
  title: 'parts <script>alert(1)</script>',
  setup: [['data', '/data/"parts" & more']],
  metrics: [1, 2].map((step) => ({ stage: 'vae' as const, step, seconds: step, loss: 1 / step, psnr: 20 + step })),
  evaluation: {
    imageAuroc: 0.9,
    pixelAuroc: null,
    pixelAp: null,
    auPro: null,
    bestF1: { f1: 0.8, threshold: 0.4 },
    threshold: 0.5,
    verdicts: { good: 7, rejected: 1, defective: 2, found: 2 },
    maskMode: 'gt0.5',
    perDefect: [{ kind: 'dent<b>', pictures: 2, imageAuroc: 0.9, pixelAp: null, found: 2 }],
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
} satisfies ReportData;

/** The same run where there is nothing to evaluate on. */
export const unjudged: ReportData = {
  ...reportData,
  evaluation: null,
  scores: [0.1, 0.2].map((score) => ({ path: 'held out', kind: 'good', score })),
  curves: { roc: [], precisionRecall: [], pro: [] },
  pictures: [],
};
