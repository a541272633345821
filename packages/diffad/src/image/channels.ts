import { ShapeError } from '@diffad/tensor-core';
import { createImage, type Image, shapeOf } from './image.ts';

/** Reverses the channels of every pixel: RGB to BGR and back. */
export function reverseChannels(image: Image): Image {
  const { channels, data } = image;
  const result = createImage(image.width, image.height, channels);
  for (let i = 0; i < data.length; i++)
    result.data[i] = data[i - (i % channels) + channels - 1 - (i % channels)] as number;
  return result;
}

/** Grey to RGB by repeating the channel; RGB stays as it is. */
export function toRgb(image: Image): Image {
  if (image.channels === 3) return image;
  if (image.channels !== 1)
    throw new ShapeError(`toRgb: image has ${image.channels} channels, expected 1 or 3 (image ${shapeOf(image)})`);
  const result = createImage(image.width, image.height, 3);
  for (let i = 0; i < result.data.length; i++) result.data[i] = image.data[Math.floor(i / 3)] as number;
  return result;
}

/** RGB to grey by luma, Rec. 601 weights; grey stays as it is. */
export function toGrey(image: Image): Image {
  if (image.channels === 1) return image;
  if (image.channels !== 3)
    throw new ShapeError(`toGrey: image has ${image.channels} channels, expected 1 or 3 (image ${shapeOf(image)})`);
  const result = createImage(image.width, image.height, 1);
  const { data } = image;
  for (let i = 0; i < result.data.length; i++) {
    result.data[i] =
      0.299 * (data[i * 3] as number) + 0.587 * (data[i * 3 + 1] as number) + 0.114 * (data[i * 3 + 2] as number);
  }
  return result;
}
