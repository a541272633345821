import { BACKGROUND, filled, INK, paste } from './canvas.ts';
import type { ByteImage } from './image.ts';
import { drawText, GLYPH_HEIGHT, textWidth } from './text.ts';

export interface PanelCell {
  readonly caption: string;
  /** RGB, any size. */
  readonly image: ByteImage;
}

const GAP = 6;
const CAPTION = GLYPH_HEIGHT + 4;

/** Pictures side by side, top aligned, a caption above each, on a dark ground. A caption wider than its picture makes its cell wider. */
export function panel(cells: readonly PanelCell[]): ByteImage {
  const widths = cells.map(({ image, caption }) => Math.max(image.width, textWidth(caption)));
  const width = widths.reduce((sum, cell) => sum + cell + GAP, GAP);
  const height = Math.max(0, ...cells.map(({ image }) => image.height)) + CAPTION + 2 * GAP;
  const result = filled(width, height, BACKGROUND);
  let x = GAP;
  cells.forEach(({ image, caption }, i) => {
    drawText(result, x, GAP, caption, INK);
    paste(result, image, x, GAP + CAPTION);
    x += (widths[i] as number) + GAP;
  });
  return result;
}
