import { BACKGROUND, filled, INK } from './canvas.ts';
import { viridis } from './colormap.ts';
import type { ColorScale } from './heatmap.ts';
import type { ByteImage } from './image.ts';
import { drawText, GLYPH_HEIGHT, textWidth } from './text.ts';

const BAR = 12;
const TICKS = 5;

/** The scale of a heat map as an upright colour bar, the largest score at the top, five labelled ticks. */
export function legend(scale: ColorScale, height: number): ByteImage {
  const labels = Array.from({ length: TICKS }, (_, i) =>
    (scale.min + ((scale.max - scale.min) * i) / (TICKS - 1)).toPrecision(3),
  );
  const result = filled(BAR + 6 + Math.max(...labels.map(textWidth)), height, BACKGROUND);
  for (let y = 0; y < height; y++) {
    const color = 3 * Math.round(255 * (1 - y / Math.max(1, height - 1)));
    for (let x = 0; x < BAR; x++) result.data.set(viridis.subarray(color, color + 3), (y * result.width + x) * 3);
  }
  labels.forEach((label, i) => {
    const y = Math.round((height - 1) * (1 - i / (TICKS - 1)));
    for (let x = BAR; x < BAR + 3; x++) result.data.set(INK, (y * result.width + x) * 3);
    drawText(result, BAR + 6, Math.min(height - GLYPH_HEIGHT, Math.max(0, y - (GLYPH_HEIGHT >> 1))), label, INK);
  });
  return result;
}
