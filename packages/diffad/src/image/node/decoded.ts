import type { Image } from '../image.ts';

/** A picture as its file holds it, values scaled to [0, 1] whatever the depth. */
export interface Decoded {
  /** One channel for grey files, three (RGB) for all others. */
  readonly image: Image;
  readonly bitDepth: 8 | 16;
  readonly format: 'png' | 'jpeg' | 'bmp' | 'tiff' | 'webp';
}
