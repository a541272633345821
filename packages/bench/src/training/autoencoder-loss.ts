import type { Autoencoder, DiffADConfig } from '@diffad/diffad';
import { gaussianKl, gradientLoss, l1, mse, ssim } from '@diffad/nn';
import { add, exp, mul, sub, type Tensor, within } from '@diffad/tensor-core';

/** What stage 1 minimises for pictures x [B, H, W, 3], with the noise [B, h, w, C] it draws given. Spec 1.2. */
export function autoencoderLoss(
  autoencoder: Autoencoder,
  x: Tensor,
  noise: Tensor,
  weights: DiffADConfig['training']['vae']['weights'],
): Tensor {
  const { mean, logVariance } = autoencoder.encode(x);
  const y = autoencoder.decode(add(mean, mul(exp(mul(logVariance, 0.5)), noise)));
  return within('loss', () => {
    const terms = [
      mul(gaussianKl(mean, logVariance), (weights.kl * mean.size) / x.size),
      mul(l1(x, y), weights.l1),
      ...(weights.l2 > 0 ? [mul(mse(x, y), weights.l2)] : []),
      ...(weights.gradient > 0 ? [mul(gradientLoss(x, y), weights.gradient)] : []),
      ...(weights.ssim > 0 ? [mul(sub(1, ssim(x, y)), weights.ssim)] : []),
    ];
    return terms.reduce((sum, term) => add(sum, term));
  });
}
