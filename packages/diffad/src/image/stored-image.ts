import { createImage, type Image } from './image.ts';
import type { Frame } from './letterbox.ts';

/** A picture [H, W, C] in as few bytes as hold its values: whole numbers of 8 or 16 bits, as files have them, or an {@link Image}. */
export interface StoredImage {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array | Uint16Array | Float32Array;
}

/** What 1 is stored as. */
export const scaleOf = ({ data }: StoredImage): number =>
  data instanceof Float32Array ? 1 : 2 ** (8 * data.BYTES_PER_ELEMENT) - 1;

/** Stores a picture so that {@link restore} gives its values to the bit; the picture itself where 16 bits do not hold them. */
export function store(image: Image): StoredImage {
  return packed(image, Uint8Array) ?? packed(image, Uint16Array) ?? image;
}

function packed({ data, ...layout }: Image, Integers: typeof Uint8Array | typeof Uint16Array): StoredImage | null {
  const stored = { ...layout, data: new Integers(data.length) };
  const scale = scaleOf(stored);
  for (let i = 0; i < data.length; i++) {
    stored.data[i] = Math.round((data[i] as number) * scale);
    if (Math.fround((stored.data[i] as number) / scale) !== data[i]) return null;
  }
  return stored;
}

/** The part of a stored picture inside a rectangle that lies within it; default all of it. */
export function restore(stored: StoredImage, part: Frame = { x: 0, y: 0, ...stored }): Image {
  const { channels, data } = stored;
  const { x, y, width, height } = part;
  const scale = scaleOf(stored);
  const image = createImage(width, height, channels);
  for (let row = 0, to = 0; row < height; row++) {
    const from = ((y + row) * stored.width + x) * channels;
    for (let i = 0; i < width * channels; i++) image.data[to++] = (data[from + i] as number) / scale;
  }
  return image;
}
