import { paperTable } from './paper-table.ts';

/** The baseline: main tables 2 and 3, in percent. Spec 5.6. */
export const draem = paperTable(
  `
class,image auroc,pixel auroc,pixel ap
carpet,97.0,95.5,53.5
grid,99.9,99.7,65.7
leather,100,98.6,75.3
tile,99.6,99.2,92.3
wood,99.1,96.4,77.7
bottle,99.2,99.1,86.5
cable,91.8,94.7,52.4
capsule,98.5,94.3,49.4
hazelnut,100,99.7,92.9
metal_nut,98.7,99.5,96.3
pill,98.9,97.6,48.5
screw,93.9,97.6,58.2
toothbrush,100,98.1,44.7
transistor,93.1,90.9,50.7
zipper,100,98.8,81.5
average,98.0,97.3,68.4
`,
);
