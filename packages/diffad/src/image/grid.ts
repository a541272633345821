import { toRgb } from './channels.ts';
import { type ByteImage, createByteImage, type Image, toBytes } from './image.ts';

const GAP = 2;

/** Rows of equally large pictures on one sheet, two pixels apart. */
export function grid(rows: readonly (readonly Image[])[]): ByteImage {
  const { width = 0, height = 0 } = rows[0]?.[0] ?? {};
  const columns = Math.max(...rows.map((row) => row.length));
  const sheet = createByteImage(columns * (width + GAP) - GAP, rows.length * (height + GAP) - GAP, 3);
  rows.forEach((row, y) => {
    row.forEach((image, x) => {
      const { data } = toBytes(toRgb(image));
      for (let line = 0; line < height; line++)
        sheet.data.set(
          data.subarray(line * width * 3, (line + 1) * width * 3),
          ((y * (height + GAP) + line) * sheet.width + x * (width + GAP)) * 3,
        );
    });
  });
  return sheet;
}
