import { checkChannels, createImage, type Image } from './image.ts';

/** The window of the paper's image score: 21 px of 256. */
export const PAPER_WINDOW = 0.082;

/**
 * Mean over a `kernel` x `kernel` window at every pixel, stride 1. Outside counts as 0 and the divisor is always kernel^2,
 * so scores near the border are damped, as in the paper's pooling (spec 3.4).
 */
export function meanFilter(map: Image, kernel: number): Image {
  checkChannels('meanFilter', map, 1);
  if (!(Number.isInteger(kernel) && kernel > 0 && kernel % 2 === 1))
    throw new RangeError(`meanFilter: kernel must be odd and positive, got ${kernel}`);
  const { width, height } = map;
  const columns = slidingSums(Float64Array.from(map.data), height, width, 1, width, kernel);
  const sums = slidingSums(columns, width, height, width, 1, kernel);
  const result = createImage(width, height, 1);
  for (let i = 0; i < sums.length; i++) result.data[i] = (sums[i] as number) / (kernel * kernel);
  return result;
}

/** Window sums along one axis of `length` elements `step` apart, for each of `lines` lines `lineStep` apart. Differences of prefix sums. */
function slidingSums(
  data: Float64Array,
  lines: number,
  length: number,
  step: number,
  lineStep: number,
  kernel: number,
): Float64Array {
  const radius = (kernel - 1) / 2;
  const prefix = new Float64Array(length + 1);
  const out = new Float64Array(data.length);
  for (let line = 0; line < lines; line++) {
    const base = line * lineStep;
    for (let i = 0; i < length; i++) prefix[i + 1] = (prefix[i] as number) + (data[base + i * step] as number);
    for (let i = 0; i < length; i++) {
      out[base + i * step] =
        (prefix[Math.min(length, i + radius + 1)] as number) - (prefix[Math.max(0, i - radius)] as number);
    }
  }
  return out;
}

/** The window for maps of `side` pixels: odd and close to a share of the side, by default the paper's: 256 -> 21, 128 -> 11, 64 -> 5, 32 -> 3. */
export function scoreKernel(side: number, share = PAPER_WINDOW): number {
  return 2 * Math.max(0, Math.round((share * side - 1) / 2)) + 1;
}

/** The score of a picture: the largest value of its mean-filtered anomaly map [H, W, 1]; of several windows, the mean of theirs. */
export function imageScore(
  map: Image,
  kernels: readonly number[] = [scoreKernel(Math.min(map.width, map.height))],
): number {
  let sum = 0;
  for (const kernel of kernels) sum += meanFilter(map, kernel).data.reduce((best, value) => Math.max(best, value));
  return sum / kernels.length;
}
