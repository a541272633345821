import { checkChannels, createMask, type Image, type Mask } from './image.ts';

/** The pixels whose score is at least `threshold`. */
export function thresholdMap(map: Image, threshold: number): Mask {
  checkChannels('thresholdMap', map, 1);
  const mask = createMask(map.width, map.height);
  for (let i = 0; i < map.data.length; i++) mask.data[i] = (map.data[i] as number) >= threshold ? 1 : 0;
  return mask;
}
