import { paperTable } from './paper-table.ts';

/** Supplementary table 4: DDIM steps while the discriminator trains; image AUROC (det), pixel AUROC and AP in percent. Marks: spec 5.4. */
export const samplingSteps = paperTable(
  `
class,s10 det,s10 auroc,s10 ap,s20 det,s20 auroc,s20 ap,s50 det,s50 auroc,s50 ap
carpet,98.1,97.9,72.3,98.0,97.9,73.5,98.3,98.1,74.1
grid,100,99.6,73.9,99.8,97.9,73.5,100,99.7,73.7
leather,100,98.7,66.8,100,98.6,66.4,100,99.1,73.7
tile,100,99.3,95.1,100,99.2,94.9,100,99.4,95.1
wood,100,96.3,78.7,100,96.1,77.9,100,96.7,80.0
bottle,99.3,98.7,85.1,99.5,98.7,87.2,100,98.8,87.4
cable,93.6,95.8,61.1,92.5,96.0,58.4,94.6,96.8,64.9
capsule,96.9,95.7,47.5,98.3,96.9,48.9,97.5,98.2,54.4
hazelnut,99.8,99.4,85.6,100,99.3,84.9,100,99.4,85.9
metal_nut,98.2,99.2,94.2,98.4,99.1,94.4,99.5,99.1,94.4
pill,97.2,96.7,58.3,97.5,97.6,66.3,97.7,97.7,68.9
screw,96.8,98.0,57.3,96.8,98.3,59.3,97.2,99.0,58.5
toothbrush,99.4,98.9,67.5,99.4,98.9,68.3,100,99.2,70.1
transistor,93.6,90.9,53.2,94.1,92.6,57.5,96.1,93.7,60.2
zipper,99.7,99.0,79.0,100,99.0,77.5,100,99.0,77.8
average,98.2,97.6,71.7,98.3,97.9,72.5,98.7,98.3,74.6
`,
  {
    suspect: ['grid/s20 auroc', 'grid/s20 ap'],
    point: [
      'carpet/s10 auroc',
      'carpet/s10 ap',
      'grid/s10 ap',
      'tile/s20 ap',
      'cable/s10 auroc',
      'cable/s20 det',
      'cable/s20 ap',
      'cable/s50 det',
      'capsule/s20 det',
      'capsule/s20 auroc',
      'capsule/s20 ap',
      'hazelnut/s10 ap',
      'metal_nut/s10 det',
      'metal_nut/s20 det',
      'metal_nut/s50 ap',
      'screw/s20 det',
      'screw/s20 auroc',
      'toothbrush/s10 auroc',
      'toothbrush/s20 det',
      'toothbrush/s20 auroc',
      'average/s20 auroc',
    ],
  },
);
