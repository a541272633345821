import { add, conv2d, div, mean, mul, type Shape, scope, square, sub, type Tensor, tensor } from '@diffad/tensor-core';
import { expectPictures } from './expect-same-shape.ts';

const SIZE = 11;
const SIGMA = 1.5;

function gaussian(shape: Shape): Tensor {
  const weights = Array.from({ length: SIZE }, (_, i) => Math.exp(-((i - (SIZE - 1) / 2) ** 2) / (2 * SIGMA ** 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const channels = shape[3] as number;
  return tensor(
    weights.flatMap((weight) => new Array<number>(channels).fill(weight / total)),
    shape,
  );
}

/** Gaussian mean around each pixel, zeros outside the picture: [B, H, W, C] -> [B, H, W, C]. */
function blur(x: Tensor): Tensor {
  const channels = x.shape[3] as number;
  const half = (SIZE - 1) / 2;
  const across = conv2d(x, gaussian([1, SIZE, 1, channels]), undefined, {
    groups: channels,
    padding: [0, 0, half, half],
  });
  return conv2d(across, gaussian([SIZE, 1, 1, channels]), undefined, { groups: channels, padding: [half, half, 0, 0] });
}

/**
 * Mean structural similarity of pictures [B, H, W, C] with values in [0, range]: 11x11 Gaussian window, σ = 1.5, over every pixel, with
 * zeros outside the picture. Throws ShapeError unless both are pictures of one shape. Wang et al. 2004; spec 3.3.
 */
export function ssim(x: Tensor, y: Tensor, range = 1): Tensor {
  expectPictures('ssim', { x, y });
  return scope(() => {
    const c1 = (0.01 * range) ** 2;
    const c2 = (0.03 * range) ** 2;
    const [mx, my] = [blur(x), blur(y)];
    const vx = sub(blur(square(x)), square(mx));
    const vy = sub(blur(square(y)), square(my));
    const covariance = sub(blur(mul(x, y)), mul(mx, my));
    const likeness = mul(add(mul(mul(mx, my), 2), c1), add(mul(covariance, 2), c2));
    return mean(div(likeness, mul(add(add(square(mx), square(my)), c1), add(add(vx, vy), c2))));
  });
}
