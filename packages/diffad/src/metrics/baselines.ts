import { createImage, type Image } from '../image/image.ts';
import { crop, fitFrame } from '../image/letterbox.ts';

const meanOf = (data: Float32Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;

function deviation({ data }: Image): number {
  const mean = meanOf(data);
  return Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
}

const perPixel = (image: Image, value: (pixel: number) => number): Image => ({
  width: image.width,
  height: image.height,
  channels: 1,
  data: Float32Array.from({ length: image.width * image.height }, (_, i) => value(i)),
});

/** What scores that know nothing say of one picture: a method that does not beat them has learned nothing. */
export interface Baselines {
  readonly image: Readonly<Record<'brightness' | 'darkness' | 'deviation', number>>;
  /** Maps of the picture's size. */
  readonly pixel: Readonly<Record<'darkness' | 'meanPicture', Image>>;
}

/** What a baseline is called in front of people. */
export const baselineName = (key: string): string => (key === 'meanPicture' ? 'distance from the mean picture' : key);

/** The mean of pictures of one size; null of none. */
export function meanPicture(normals: readonly Image[]): Image | null {
  const [first] = normals;
  if (!first) return null;
  const mean = createImage(first.width, first.height, first.channels);
  for (const { data } of normals)
    for (let i = 0; i < data.length; i++)
      mean.data[i] = (mean.data[i] as number) + (data[i] as number) / normals.length;
  return mean;
}

/** `mean` may be letterboxed, the picture lies in its frame there; null where the picture fills no such frame. */
export function baselines(picture: Image, mean: Image): Baselines | null {
  const frame = fitFrame(picture, mean.width, mean.height);
  if (frame.width !== picture.width || frame.height !== picture.height) return null;
  const usual = crop(mean, frame);
  const { data, channels } = picture;
  const channelMean = (value: (at: number) => number, pixel: number): number => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += value(pixel * channels + c);
    return sum / channels;
  };
  return {
    image: { brightness: meanOf(data), darkness: -meanOf(data), deviation: deviation(picture) },
    pixel: {
      darkness: perPixel(picture, (i) => -channelMean((at) => data[at] as number, i)),
      meanPicture: perPixel(picture, (i) =>
        channelMean((at) => Math.abs((data[at] as number) - (usual.data[at] as number)), i),
      ),
    },
  };
}
