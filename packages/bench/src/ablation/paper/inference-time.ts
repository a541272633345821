import { paperTable } from './paper-table.ts';

/** Supplementary table 5: mean seconds per picture on a V100, and quality in percent. Spec 5.5. */
export const inferenceTime = paperTable(
  `
method,seconds,image auroc,pixel auroc,pixel ap
DiffAD,0.10,98.7,98.3,74.6
DRAEM,0.01,98.0,97.3,68.4
PaDiM,0.19,95.3,97.4,55.0
PatchCore-10%,0.22,99.0,98.1,63.1
`,
  {
    reported: ['DiffAD/seconds'],
  },
);
