import { viridis } from './colormap.ts';
import { type ByteImage, checkChannels, checkSameSize, createByteImage, type Image, toByte } from './image.ts';

/** The scores that the first and the last colour stand for. One per model, never one per picture: a good part must stay dark. */
export interface ColorScale {
  readonly min: number;
  readonly max: number;
}

/** Colours a score map, `[height, width, 1]`, on a fixed scale; scores beyond its ends take the end colours. */
export function heatMap(map: Image, scale: ColorScale): ByteImage {
  checkChannels('heatMap', map, 1);
  const result = createByteImage(map.width, map.height, 3);
  for (let i = 0; i < map.data.length; i++) {
    const color = 3 * toByte(scalePosition(map.data[i] as number, scale));
    for (let c = 0; c < 3; c++) result.data[i * 3 + c] = viridis[color + c] as number;
  }
  return result;
}

/** The heat map over the RGB picture it belongs to; opacity grows with the score, so normal areas stay visible. */
export function heatOverlay(picture: ByteImage, map: Image, scale: ColorScale, opacity = 0.75): ByteImage {
  checkChannels('heatOverlay', picture, 3);
  checkSameSize('heatOverlay', picture, map);
  const result = heatMap(map, scale);
  for (let i = 0; i < map.data.length; i++) {
    const weight = opacity * scalePosition(map.data[i] as number, scale);
    for (let c = i * 3; c < i * 3 + 3; c++)
      result.data[c] = Math.round((1 - weight) * (picture.data[c] as number) + weight * (result.data[c] as number));
  }
  return result;
}

function scalePosition(score: number, { min, max }: ColorScale): number {
  if (!(max > min)) throw new RangeError(`heatMap: scale must rise, got ${min} to ${max}`);
  return Math.min(1, Math.max(0, (score - min) / (max - min)));
}
