import type { Image } from '../image/image.ts';

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

/** Scores that know nothing: a method that does not beat them has learned nothing. All pictures of one size. */
export interface Baselines {
  /** One score per picture. */
  readonly image: Readonly<Record<'brightness' | 'darkness' | 'deviation', readonly number[]>>;
  /** One map per picture. */
  readonly pixel: Readonly<Record<'darkness' | 'meanPicture', readonly Image[]>>;
}

/** What a baseline is called in front of people. */
export const baselineName = (key: string): string => (key === 'meanPicture' ? 'distance from the mean picture' : key);

export function baselines(pictures: readonly Image[], normals: readonly Image[]): Baselines {
  const first = normals[0] as Image;
  const mean = new Float32Array(first.data.length);
  for (const { data } of normals)
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) + (data[i] as number) / normals.length;
  const channels = first.channels;
  const channelMean = (value: (at: number) => number, pixel: number): number => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += value(pixel * channels + c);
    return sum / channels;
  };
  return {
    image: {
      brightness: pictures.map(({ data }) => meanOf(data)),
      darkness: pictures.map(({ data }) => -meanOf(data)),
      deviation: pictures.map(deviation),
    },
    pixel: {
      darkness: pictures.map((image) => perPixel(image, (i) => -channelMean((at) => image.data[at] as number, i))),
      meanPicture: pictures.map((image) =>
        perPixel(image, (i) => channelMean((at) => Math.abs((image.data[at] as number) - (mean[at] as number)), i)),
      ),
    },
  };
}
