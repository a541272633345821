import { gaussianKl, gradientLoss, l1, mse, ssim } from '@diffad/nn';
import { add, mul, sub, type Tensor, within } from '@diffad/tensor-core';
import type { DiffADConfig } from '../config/schema.ts';
import { type Autoencoder, sample } from '../vae/autoencoder.ts';

/**
 * What the autoencoder minimises on pictures x [B, H, W, 3], with the standard normals [B, h, w, C] its latents are drawn by; the mean over the
 * pictures. L1, gradient and SSIM stand in for the paper's perceptual loss, which needs outside weights. Spec 1.2.
 */
export function autoencoderLoss(
  autoencoder: Autoencoder,
  x: Tensor,
  noise: Tensor,
  weights: DiffADConfig['training']['vae']['weights'],
): Tensor {
  const posterior = autoencoder.encode(x);
  const y = autoencoder.decode(sample(posterior, noise));
  const perPixel = posterior.mean.size / x.size; // the KL is summed over latents, the rest averaged over pixels
  return within('loss', () => {
    const terms = [
      mul(gaussianKl(posterior.mean, posterior.logVariance), weights.kl * perPixel),
      mul(l1(x, y), weights.l1),
      ...(weights.l2 > 0 ? [mul(mse(x, y), weights.l2)] : []),
      ...(weights.gradient > 0 ? [mul(gradientLoss(x, y), weights.gradient)] : []),
      ...(weights.ssim > 0 ? [mul(sub(1, ssim(x, y)), weights.ssim)] : []),
    ];
    return terms.reduce((sum, term) => add(sum, term));
  });
}
