import type { Mask } from '../../image/image.ts';

/** Marks the pixels whose centres lie within `radius` of (x, y), and the pixel that holds the point; clipped at the edges. */
export function disc({ width, height, data }: Mask, x: number, y: number, radius: number): void {
  for (let row = Math.max(0, Math.floor(y - radius)); row <= Math.min(height - 1, y + radius); row++)
    for (let column = Math.max(0, Math.floor(x - radius)); column <= Math.min(width - 1, x + radius); column++) {
      const holds = row === Math.floor(y) && column === Math.floor(x);
      if (holds || Math.hypot(column + 0.5 - x, row + 0.5 - y) <= radius) data[row * width + column] = 1;
    }
}
