import {
  currentDevice,
  type Device,
  defineKernel,
  dispatch,
  program,
  scope,
  Tensor,
  withDevice,
  zeros,
} from '@diffad/tensor-core';
import { nanoseconds, time } from './time.ts';

/** What an adapter can do at most: multiplications and additions in registers, and bytes copied. */
export interface Ceilings {
  /** GFLOP/s. */
  readonly fma: number;
  /** GB/s, bytes read plus bytes written. */
  readonly copy: number;
}

/** Twelve sums fit the sixteen registers of a software adapter; unrolled eight times, its loop costs nothing. */
const CHAINS = 12;
const UNROLL = 8;
const STEPS = 64;
const INVOCATIONS = 32_768;
const FLOPS = INVOCATIONS * STEPS * UNROLL * CHAINS * 2;
const COPY_FLOATS = 4 * 1024 * 1024;

/** Independent chains of multiply-adds, nothing loaded. */
const fmaKernel = defineKernel(() => {
  const chains = Array.from({ length: CHAINS }, (_, i) => i);
  const step = chains.map((i) => `sum${i} = sum${i} * u.factor + seed;`).join('\n    ');
  return program({
    name: 'ceiling.fma',
    uniforms: 'n: u32, factor: f32',
    inputs: {},
    outputs: { y: 'f32' },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  let seed = f32(gid);
  ${chains.map((i) => `var sum${i} = seed + ${i}.0;`).join(' ')}
  for (var i = 0u; i < ${STEPS}u; i++) {
    ${Array.from({ length: UNROLL }, () => step).join('\n    ')}
  }
  y[gid] = ${chains.map((i) => `sum${i}`).join(' + ')};`,
  });
});

const copyKernel = defineKernel(() =>
  program({
    name: 'ceiling.copy',
    uniforms: 'n: u32',
    inputs: { x: 'vec4<f32>' },
    outputs: { y: 'vec4<f32>' },
    workgroupSize: 64,
    body: 'if (gid < u.n) { y[gid] = x[gid]; }',
  }),
);

/** One sample of both ceilings of the adapter, by its own clock. */
export async function measureCeilings(device: Device): Promise<Ceilings> {
  const fma = await time(device, () => withDevice(device, multiply));
  const copy = await time(device, () => withDevice(device, copyOver));
  return { fma: FLOPS / fma, copy: (8 * COPY_FLOATS) / copy };
}

const LAUNCHES = 64;

/** Nanoseconds of a dispatch that has nothing to do, by the adapter's own clock. */
export async function measureLaunch(device: Device): Promise<number> {
  const timings = await device.profile(() =>
    withDevice(device, () =>
      scope(() => {
        for (let i = 0; i < LAUNCHES; i++) zeros([1]);
      }),
    ),
  );
  return nanoseconds(timings) / LAUNCHES;
}

const multiply = (): void =>
  scope(() => {
    const y = Tensor.empty([INVOCATIONS], 'f32', currentDevice());
    dispatch(fmaKernel(), [], [y], { uniforms: [INVOCATIONS, 0], invocations: INVOCATIONS });
  });

const copyOver = (): void =>
  scope(() => {
    const x = zeros([COPY_FLOATS]);
    const y = Tensor.empty(x.shape, 'f32', x.device);
    dispatch(copyKernel(), [x], [y], { uniforms: [COPY_FLOATS / 4], invocations: COPY_FLOATS / 4 });
  });
