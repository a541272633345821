import type { Image, Mask, Size } from './image.ts';
import { fitFrame } from './letterbox.ts';
import { resizeMask } from './mask.ts';

/** Pixels a side of the largest region that a model keeps. */
const MOST = 1024;

/** A region of interest as models keep it: 1 where pictures are judged, at most 1024 px a side. Throws RangeError for one that holds nothing. */
export function asRegion(mask: Mask): Mask {
  const { width, height } = Math.max(mask.width, mask.height) <= MOST ? mask : fitFrame(mask, MOST, MOST);
  const region = width === mask.width ? mask : resizeMask(mask, width, height, 'nearest');
  if (!region.data.includes(1))
    throw new RangeError(`none of its ${region.width}x${region.height} pixels is white; white is what is judged`);
  return region;
}

/** Throws RangeError, which begins with `name`, for a picture whose aspect ratio is not that of the region. */
export function mustFitRegion(name: string, { width, height }: Size, region: Mask | null): void {
  if (region === null) return;
  const rounded = Math.max(width, height, region.width, region.height); // a side may be rounded by a pixel
  if (Math.abs(width * region.height - height * region.width) > rounded)
    throw new RangeError(
      `${name}: ${width}x${height} px, but the region of interest was drawn on pictures of ${region.width}x${region.height}; the aspect ratios must agree`,
    );
}

/** The region at the size of a picture or map. Throws RangeError where the aspect ratios differ. */
function regionAt(region: Mask, size: Size): Mask {
  mustFitRegion('the picture', size, region);
  return resizeMask(region, size.width, size.height, 'nearest');
}

/** A picture [H, W, C] that is black, as the bars of a letterbox, outside of the region; as it is without one. */
export function withinRegion(picture: Image, region: Mask | null): Image {
  if (region === null) return picture;
  const inside = regionAt(region, picture).data;
  const { channels } = picture;
  return { ...picture, data: picture.data.map((value, i) => value * (inside[Math.floor(i / channels)] as number)) };
}

/** Of a map [H, W, 1], what lies inside of the region; all of it without one. */
export function valuesWithin(map: Image, region: Mask | null): Float32Array {
  if (region === null) return map.data;
  const inside = regionAt(region, map).data;
  return map.data.filter((_, i) => inside[i] === 1);
}
