import { toRgb } from '../image/channels.ts';
import { heatOverlay } from '../image/heatmap.ts';
import { type ByteImage, type Image, type Mask, toBytes } from '../image/image.ts';
import { legend } from '../image/legend.ts';
import { imageOf, maskOf } from '../image/mask.ts';
import { drawOutline } from '../image/outline.ts';
import { type PanelCell, panel } from '../image/panel.ts';
import { resize } from '../image/resize.ts';
import type { Inspection } from './inspect.ts';
import { SHOWN_SIDE } from './tested.ts';

/** One scale for all pictures of a model, with the limit in its middle: a good part stays dark, a bad one is bright. */
export const scaleAround = (threshold: number) => ({ min: 0, max: threshold > 0 ? Math.min(1, 2 * threshold) : 1 });
/** Pictures in panels have sides of so many pixels: small ones are enlarged. */
const PANEL_SIDE = { least: 192, most: SHOWN_SIDE };

/** Input, reconstruction, interpolation, heat map, outline and, where known, the truth, side by side. */
export function inspectionPanel(picture: Image, found: Inspection, truth: Mask | null): ByteImage {
  const side = Math.max(picture.width, picture.height);
  const scale = Math.min(PANEL_SIDE.most, Math.max(PANEL_SIDE.least, side)) / side;
  const [width, height] = [
    Math.max(1, Math.round(picture.width * scale)),
    Math.max(1, Math.round(picture.height * scale)),
  ];
  const range = scaleAround(found.threshold);
  const fit = (image: Image): Image => resize(image, width, height, 'area');
  const rgb = toBytes(fit(toRgb(picture)));
  const map = fit(found.map);
  const outlined = (mask: Mask) => drawOutline(rgb, maskOf(fit(imageOf(mask)), 0.5), [255, 40, 40]);
  const verdict = `${found.verdict} ${found.score.toFixed(2)} (limit ${found.threshold.toFixed(2)})`;
  const cells: PanelCell[] = [
    { caption: verdict, image: rgb },
    { caption: 'redrawn', image: toBytes(resize(found.reconstruction, width, height)) },
    ...(found.interpolation
      ? [{ caption: 'half way', image: toBytes(resize(found.interpolation, width, height)) }]
      : []),
    { caption: 'anomaly', image: heatOverlay(rgb, map, range) },
    { caption: 'found', image: outlined(found.mask) },
    ...(truth ? [{ caption: 'truth', image: outlined(truth) }] : []),
    { caption: '', image: legend(range, height) },
  ];
  return panel(cells);
}
