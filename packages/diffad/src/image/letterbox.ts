import { createImage, type Image } from './image.ts';
import { type ResizeMethod, resize } from './resize.ts';

/** Where the picture lies inside its letterbox, in pixels of the box. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The centred rectangle of the picture's aspect ratio inside a `width` x `height` box; at least one pixel a side. */
export function fitFrame(image: { width: number; height: number }, width: number, height: number): Frame {
  const scale = Math.min(width / image.width, height / image.height);
  const w = Math.min(width, Math.max(1, Math.round(image.width * scale)));
  const h = Math.min(height, Math.max(1, Math.round(image.height * scale)));
  return { x: (width - w) >> 1, y: (height - h) >> 1, width: w, height: h };
}

/** Fits the whole picture into a `width` x `height` box without changing its aspect ratio; the bars hold `fill`. */
export function letterbox(
  image: Image,
  width: number,
  height: number,
  method: ResizeMethod = 'bilinear',
  fill = 0,
): { image: Image; frame: Frame } {
  const frame = fitFrame(image, width, height);
  const box = createImage(width, height, image.channels);
  box.data.fill(fill);
  paste(box, resize(image, frame.width, frame.height, method), frame.x, frame.y);
  return { image: box, frame };
}

/** The inverse for maps: cuts the frame out and brings it back to `width` x `height`, bilinear. */
export function unletterbox(box: Image, frame: Frame, width: number, height: number): Image {
  return resize(crop(box, frame), width, height);
}

/** The part of an image inside a rectangle that lies within it. */
export function crop(image: Image, { x, y, width, height }: Frame): Image {
  if (x < 0 || y < 0 || x + width > image.width || y + height > image.height) {
    throw new RangeError(`crop: ${width}x${height} at ${x},${y} leaves the picture of ${image.width}x${image.height}`);
  }
  const part = createImage(width, height, image.channels);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * image.width + x) * image.channels;
    part.data.set(image.data.subarray(from, from + width * image.channels), row * width * image.channels);
  }
  return part;
}

function paste(target: Image, part: Image, x: number, y: number): void {
  const stride = part.width * part.channels;
  for (let row = 0; row < part.height; row++) {
    target.data.set(
      part.data.subarray(row * stride, (row + 1) * stride),
      ((y + row) * target.width + x) * target.channels,
    );
  }
}
