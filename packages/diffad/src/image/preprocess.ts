import { reverseChannels, toRgb } from './channels.ts';
import type { Image, Mask } from './image.ts';
import { type Frame, letterbox } from './letterbox.ts';
import { letterboxMask, type MaskMode, resizeMask } from './mask.ts';
import { type ResizeMethod, resize } from './resize.ts';

/** Everything done to a picture before a network sees it. It is stored with the model, so that every runtime does the same. */
export interface Preprocess {
  /** Side of the square the networks see, in pixels. */
  readonly size: number;
  /** `letterbox` keeps the aspect ratio, `squash` does not (the paper's data sets are square). */
  readonly fit: 'letterbox' | 'squash';
  readonly resize: ResizeMethod;
  /** The authors' weights expect BGR, ours and Stable Diffusion's RGB. */
  readonly channelOrder: 'rgb' | 'bgr';
  /** [0, 1] for DiffAD, [-1, 1] for latent-diffusion autoencoders. */
  readonly range: 'unit' | 'signed';
}

/** The network's input, `[size, size, 3]`, and where the picture lies in it. */
export function preprocess(picture: Image, options: Preprocess): { image: Image; frame: Frame } {
  const { channelOrder, range } = options;
  const { image, frame } = fitted(toRgb(picture), options);
  const ordered = channelOrder === 'bgr' ? reverseChannels(image) : image;
  const ranged = range === 'signed' ? mapped(ordered, (value) => 2 * value - 1) : ordered;
  return { image: ranged, frame };
}

/** The mask where {@link preprocess} puts its picture, `[size, size]`. */
export function preprocessMask(mask: Mask, { size, fit }: Preprocess, mode: MaskMode): Mask {
  return fit === 'letterbox' ? letterboxMask(mask, size, mode) : resizeMask(mask, size, size, mode);
}

/** The way back for a network's picture, `[size, size, 3]`: RGB in [0, 1], not clamped. */
export function postprocess(output: Image, { channelOrder, range }: Preprocess): Image {
  const ordered = channelOrder === 'bgr' ? reverseChannels(output) : output;
  return range === 'signed' ? mapped(ordered, (value) => (value + 1) / 2) : ordered;
}

function fitted(image: Image, { size, fit, resize: method }: Preprocess): { image: Image; frame: Frame } {
  if (fit === 'letterbox') return letterbox(image, size, size, method);
  return { image: resize(image, size, size, method), frame: { x: 0, y: 0, width: size, height: size } };
}

const mapped = (image: Image, change: (value: number) => number): Image => ({
  ...image,
  data: image.data.map(change),
});
