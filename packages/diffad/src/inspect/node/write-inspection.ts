import { join, relative, sep } from 'node:path';
import { heatMap } from '../../image/heatmap.ts';
import type { Image, Mask } from '../../image/image.ts';
import { writePng } from '../../image/node/write-png.ts';
import type { Inspection } from '../inspect.ts';
import { inspectionPanel, scaleAround } from '../inspection-panel.ts';

/** The name of a picture's outputs: its relative path, file ending included, so that equal base names never meet. */
export const outputName = (path: string): string => path.replace(/\.([^./]+)$/, '_$1');

/** Whether a file lies where inspections into `out` write pictures. */
export const isOutput = (file: string, out: string): boolean =>
  ['heatmaps', 'masks', 'panels'].includes(relative(out, file).split(sep)[0] as string);

/** Writes heat map, mask and panel of one inspected picture under `out`, mirroring its relative path. */
export async function writeInspection(
  out: string,
  path: string,
  picture: Image,
  found: Inspection,
  truth: Mask | null,
): Promise<void> {
  const name = outputName(path);
  await writePng(join(out, 'heatmaps', `${name}.png`), heatMap(found.map, scaleAround(found.threshold)));
  await writePng(join(out, 'masks', `${name}.png`), found.mask);
  await writePng(join(out, 'panels', `${name}.png`), inspectionPanel(picture, found, truth));
}
