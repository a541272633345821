import {
  type Device,
  type KernelTiming,
  Rng,
  scope,
  sum,
  type Tensor,
  uniform,
  valueAndGrad,
  withDevice,
} from '@diffad/tensor-core';
import { nanoseconds } from '../time.ts';
import type { Case } from './case.ts';

/** One run of one direction of an op. */
export interface Sample {
  readonly nanoseconds: number;
  readonly flops: number;
  /** Every input and output once. */
  readonly bytes: number;
}

export interface Samples {
  readonly forward: Sample;
  readonly gradients: Sample;
}

/**
 * Times an op forward and all its gradients. A recorded step dispatches the op, the loss, the gradient of the loss,
 * then the gradients of the op, in this order; the loss alone, recorded on the op's output, tells how many to skip.
 */
export async function sample(device: Device, { inputs: shapes, run }: Case): Promise<Samples> {
  const on = <T>(fn: () => T): T => withDevice(device, () => scope(fn));
  const rng = new Rng(1);
  const inputs = on(() => shapes.map((shape) => uniform(shape, rng, -1, 1)));
  const made: Tensor[] = [];
  try {
    const forward = await device.profile(() => void made.push(on(() => run(...inputs))));
    const [y] = made as [Tensor];
    const loss = await device.profile(() => void on(() => void valueAndGrad([y], () => sum(y))));
    const step = await device.profile(() => void on(() => void valueAndGrad(inputs, () => sum(run(...inputs)))));
    const size = inputs.reduce((total, { bytes }) => total + bytes, 0);
    return {
      forward: sampleOf(forward, size + y.bytes),
      gradients: sampleOf(step.slice(forward.length + loss.length), 2 * size + y.bytes),
    };
  } finally {
    for (const tensor of [...inputs, ...made]) tensor.dispose();
  }
}

const sampleOf = (timings: readonly KernelTiming[], bytes: number): Sample => ({
  nanoseconds: nanoseconds(timings),
  flops: timings.reduce((total, { flops }) => total + flops, 0),
  bytes,
});
