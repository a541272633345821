import { createImage, type Image } from './image.ts';

/** How one axis is resampled: output i is the sum of `weights[i * width + j] * input[first[i] + j]` for j < `width`. */
export interface Taps {
  readonly size: number;
  readonly width: number;
  readonly first: Int32Array;
  readonly weights: Float64Array;
}

/** Resamples both axes, rows first. Sums in float64 and in one order, so every runtime gives the same bits. */
export function resample(image: Image, columns: Taps, rows: Taps): Image {
  const narrow = resampleRows(image, columns);
  const result = createImage(columns.size, rows.size, image.channels);
  const stride = columns.size * image.channels;
  const line = new Float64Array(stride);
  for (let y = 0; y < rows.size; y++) {
    line.fill(0);
    for (let j = 0; j < rows.width; j++) {
      const weight = rows.weights[y * rows.width + j] as number;
      if (weight === 0) continue;
      const from = ((rows.first[y] as number) + j) * stride;
      for (let i = 0; i < stride; i++) line[i] = (line[i] as number) + weight * (narrow[from + i] as number);
    }
    result.data.set(line, y * stride);
  }
  return result;
}

function resampleRows({ width, height, channels, data }: Image, taps: Taps): Float64Array {
  const out = new Float64Array(height * taps.size * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < taps.size; x++) {
      const from = (y * width + (taps.first[x] as number)) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let j = 0; j < taps.width; j++) {
          const weight = taps.weights[x * taps.width + j] as number;
          if (weight !== 0) sum += weight * (data[from + j * channels + c] as number);
        }
        out[(y * taps.size + x) * channels + c] = sum;
      }
    }
  return out;
}
