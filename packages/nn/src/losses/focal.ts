import {
  DTypeError,
  defineKernel,
  dispatch,
  floatBits,
  mean,
  program,
  record,
  ShapeError,
  scope,
  Tensor,
} from '@diffad/tensor-core';
import { checkOption } from '../optim/check-option.ts';

const SMOOTHING = 1e-5;

/** Probability of class 1 and of the true class, from logits of two classes; the latter clamped as the reference does. */
const declarations = `
fn anomalous(logits: vec2<f32>) -> f32 { return 1.0 / (1.0 + exp(logits.x - logits.y)); }
fn truth(p: f32, marked: f32) -> f32 {
  let y = clamp(marked, ${SMOOTHING}, 1.0 - ${SMOOTHING});
  return y * p + (1.0 - y) * (1.0 - p) + ${SMOOTHING};
}`;

const forward = defineKernel(() =>
  program({
    name: 'focal',
    uniforms: 'n: u32, gamma: f32',
    inputs: { logits: 'vec2<f32>', mask: 'f32' },
    outputs: { loss: 'f32' },
    workgroupSize: 64,
    declarations,
    body: `
  if (gid >= u.n) { return; }
  let pt = truth(anomalous(logits[gid]), mask[gid]);
  loss[gid] = -pow(max(1.0 - pt, 0.0), u.gamma) * log(pt);`,
  }),
);

const backward = defineKernel(() =>
  program({
    name: 'focal.gradient',
    uniforms: 'n: u32, gamma: f32',
    inputs: { logits: 'vec2<f32>', mask: 'f32', g: 'f32' },
    outputs: { dlogits: 'vec2<f32>' },
    workgroupSize: 64,
    declarations,
    body: `
  if (gid >= u.n) { return; }
  let p = anomalous(logits[gid]);
  let pt = truth(p, mask[gid]);
  let rest = max(1.0 - pt, 0.0);
  let slope = select(pow(rest, u.gamma - 1.0), 1.0, u.gamma == 1.0); // WGSL leaves pow(0, 0) open
  let dpt = u.gamma * slope * log(pt) - pow(rest, u.gamma) / pt;
  let y = clamp(mask[gid], ${SMOOTHING}, 1.0 - ${SMOOTHING});
  let d = g[gid] * dpt * (2.0 * y - 1.0) * p * (1.0 - p);
  dlogits[gid] = vec2(-d, d);`,
  }),
);

/**
 * Focal loss of logits [B, H, W, 2] against a mask [B, H, W] or [B, H, W, 1] of zeros and ones, averaged over pixels.
 * L = −(1 − pt)^γ ln pt, pt the softmax probability of the true class, smoothed by 1e-5; no class balancing.
 * dL/dpt = γ (1 − pt)^(γ−1) ln pt − (1 − pt)^γ / pt. Lin et al. 2017; spec 3.3. `gamma` >= 1. Both are f32: DTypeError otherwise.
 * ShapeError where the mask is shaped otherwise.
 */
export function focal(logits: Tensor, mask: Tensor, gamma = 2): Tensor {
  const pixels = logits.shape.slice(0, -1);
  const fits = mask.size * 2 === logits.size && mask.shape.slice(0, pixels.length).join() === pixels.join();
  if (logits.shape.at(-1) !== 2 || !fits)
    throw new ShapeError(
      `focal: logits [${logits.shape.join(', ')}] must end in 2 and the mask [${mask.shape.join(', ')}] be [${pixels.join(', ')}]`,
    );
  for (const [name, { dtype }] of [
    ['logits', logits],
    ['mask', mask],
  ] as const)
    if (dtype !== 'f32')
      throw new DTypeError(`focal: ${name} is ${dtype}, expected f32; convert it with cast(x, 'f32')`);
  checkOption('focal', 'gamma', gamma, 1);
  const n = mask.size;
  const grid = { uniforms: [n, floatBits(gamma)], invocations: n };
  return scope(() => {
    const loss = Tensor.empty(mask.shape, 'f32', logits.device);
    dispatch(forward(), [logits, mask], [loss], { ...grid, flops: 12 * n });
    record('focal', [logits], loss, { logits, mask }, (g, saved) => {
      const dlogits = Tensor.empty(saved.logits.shape, 'f32', saved.logits.device);
      dispatch(backward(), [saved.logits, saved.mask, g], [dlogits], { ...grid, flops: 24 * n });
      return [dlogits];
    });
    return mean(loss);
  });
}
