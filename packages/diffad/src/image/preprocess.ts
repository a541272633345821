import { reverseChannels, toRgb } from './channels.ts';
import type { Image, Mask } from './image.ts';
import { type Frame, letterbox } from './letterbox.ts';
import { withinRegion } from './region.ts';
import type { ResizeMethod } from './resize.ts';

/** Everything done to a picture in [0, 1] before a network sees it. It is stored with the model, so that every runtime does the same. */
export interface Preprocess {
  /** Side of the square the networks see, in pixels; the aspect ratio is kept. */
  readonly size: number;
  readonly resize: ResizeMethod;
  /** The authors' weights expect BGR, ours RGB. */
  readonly channelOrder: 'rgb' | 'bgr';
  /** Outside of it pictures are black; default nowhere. */
  readonly region?: Mask | null;
}

/** The network's input in [0, 1], `[size, size, 3]`, and where the picture lies in it. */
export function preprocess(picture: Image, options: Preprocess): { image: Image; frame: Frame } {
  const { size, resize, channelOrder, region = null } = options;
  const { image, frame } = letterbox(toRgb(withinRegion(picture, region)), size, size, resize);
  return { image: channelOrder === 'bgr' ? reverseChannels(image) : image, frame };
}

/** The way back for a network's picture, `[size, size, 3]`: RGB, not clamped. */
export const postprocess = (output: Image, { channelOrder }: Preprocess): Image =>
  channelOrder === 'bgr' ? reverseChannels(output) : output;
