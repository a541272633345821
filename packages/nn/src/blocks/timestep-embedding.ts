import { ShapeError, type Tensor, tensor } from '@diffad/tensor-core';

/** [cos(t f_0), .., sin(t f_0), ..] with f_i = 10000^(−2i / width), one row per time: [times, width], `width` even. Spec 1.4. */
export function timestepEmbedding(times: ArrayLike<number>, width: number): Tensor {
  if (width % 2 !== 0) throw new ShapeError(`timestepEmbedding: width is ${width}, expected an even number`);
  const half = width / 2;
  const data = new Float32Array(times.length * width);
  for (let row = 0; row < times.length; row++)
    for (let i = 0; i < half; i++) {
      const angle = (times[row] as number) * Math.exp((-Math.log(10000) * i) / half);
      data[row * width + i] = Math.cos(angle);
      data[row * width + half + i] = Math.sin(angle);
    }
  return tensor(data, [times.length, width]);
}
