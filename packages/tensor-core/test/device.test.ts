import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import {
  add,
  createDevice,
  DeviceError,
  defineKernel,
  dispatch,
  floatBits,
  init,
  program,
  scope,
  sum,
  Tensor,
  tensor,
  withDevice,
} from '../src/index.ts';

test('init returns one device and says what it took and why', async () => {
  const [a, b] = await Promise.all([init(), init()]);
  expect(a).toBe(b);
  expect(a.info.adapter).not.toBe('');
  expect(a.info.reason).toMatch(/^(asked for as|the first adapter offered)/);
  expect(a.info.limits.maxStorageBufferBindingSize).toBeGreaterThanOrEqual(128 * 2 ** 20);
});

test('an adapter nobody has, or a GPU where there is none, is one clear error', async () => {
  await expect(createDevice({ adapter: 'no such adapter' })).rejects.toThrow(
    'no WebGPU adapter is named like "no such adapter"; this machine has',
  );
  const device = await init();
  if (!device.info.software) return;
  await expect(createDevice({ requireGpu: true })).rejects.toThrow(DeviceError);
  await expect(init({ requireGpu: true })).rejects.toThrow(
    'init: requireGpu is set but the current device is software',
  );
});

test('init refuses to change the kernel family of a running device', async () => {
  const { info } = await init();
  const other = info.variant === 'gpu' ? 'software' : 'gpu';
  await expect(init({ variant: other })).rejects.toThrow(
    `init: variant '${other}' asked for, the current device runs '${info.variant}'`,
  );
});

test('a destroyed device says so; the others go on', async () => {
  const device = await createDevice();
  const x = withDevice(device, () => tensor([1, 2], [2]));
  device.destroy();
  expect(() => add(x, 1)).toThrow(
    'the device is lost (destroyed by its owner); call init() again and load the last checkpoint',
  );
  await expect(x.read()).rejects.toThrow(DeviceError);
  using y = tensor([1], [1]);
  expect(await y.item()).toBe(1);
});

test.each(['sync', 'read'] as const)('a device lost during %s says so', async (wait) => {
  const device = await createDevice();
  using x = withDevice(device, () => scope(() => add(tensor([1, 2], [2]), 1)));
  const waiting = wait === 'sync' ? device.sync() : x.read();
  device.gpu.destroy();
  await expect(waiting).rejects.toThrow(/^the device is lost \(.*\); call init\(\) again/);
});

test('a kernel WebGPU refuses becomes a named error at the next read, and the device stays usable', async () => {
  const device = await createDevice();
  const broken = defineKernel(() =>
    program({
      name: 'broken',
      uniforms: 'n: u32',
      inputs: {},
      outputs: { y: 'f32' },
      workgroupSize: 1,
      body: 'y[0] = nonsense;',
    }),
  );
  const y = Tensor.empty([1], 'f32', device);
  dispatch(broken(), [], [y], { uniforms: [1], invocations: 1 });
  await expect(y.read()).rejects.toThrow(/internal: WebGPU refused a command: .*nonsense/s);
  using z = withDevice(device, () => tensor([4], [1]));
  expect(await z.item()).toBe(4);
  device.destroy();
});

test('a dispatch whose tensors, uniforms or grid are not what its kernel takes is refused before it is recorded', async () => {
  const scale = defineKernel(() =>
    program({
      name: 'scale',
      uniforms: 'n: u32, factor: f32',
      inputs: { x: 'f32' },
      outputs: { y: 'f32' },
      workgroupSize: 64,
      body: 'if (gid < u.n) { y[gid] = u.factor * x[gid]; }',
    }),
  );
  using x = tensor([1, 2], [2]);
  using y = tensor([0, 0], [2]);
  const whole = { uniforms: [2, floatBits(3)], invocations: 2 };
  expect(() => dispatch(scale(), [x], [y], { ...whole, uniforms: [2] })).toThrow(
    new TypeError('scale: given 1 of 1 inputs, 1 of 1 outputs and 1 of 2 uniforms'),
  );
  expect(() => dispatch(scale(), [], [y], whole)).toThrow('scale: given 0 of 1 inputs, ');
  expect(() => dispatch(scale(), [x], [y, y], whole)).toThrow('scale: given 1 of 1 inputs, 2 of 1 outputs');
  expect(() => dispatch(scale(), [x], [y], { uniforms: whole.uniforms })).toThrow(
    new TypeError('scale: no grid; give workgroups or invocations'),
  );
  dispatch(scale(), [x], [y], whole);
  expect(Array.from(await y.read())).toEqual([3, 6]);
});

test('withDevice refuses a promise', async () => {
  const device = await init();
  expect(() => withDevice(device, async () => undefined)).toThrow('withDevice: fn returned a promise');
});

test('profile times every dispatch on the GPU clock and counts its bytes', async () => {
  const device = await init();
  using x = tensor(new Float32Array(1024), [1024]);
  const timings = await device.profile(() => scope(() => void sum(add(x, 1))));
  const first = timings[0];
  expect(first).toMatchObject({ kernel: 'add', label: '[1024] -> [1024]', bytes: 8192, flops: 1024 });
  for (const { start, end } of timings) expect(end).toBeGreaterThanOrEqual(start);
});

test('a profile within a profile, which would end the outer one, is refused', async () => {
  const device = await init();
  using x = tensor([1], [1]);
  const step = () => scope(() => void add(x, 1));
  const timings = await device.profile(async () => {
    step();
    await expect(device.profile(step)).rejects.toThrow(new TypeError('profile: already running'));
    step();
  });
  expect(timings).toHaveLength(2);
});

test('trim gives every unused buffer back', async () => {
  const device = await createDevice();
  withDevice(device, () => scope(() => void add(tensor([1], [1]), 1)));
  expect(device.memory().pooledBytes).toBeGreaterThan(0);
  device.trim();
  expect(device.memory().pooledBytes).toBe(0);
  using x = withDevice(device, () => scope(() => add(tensor([1], [1]), 1)));
  expect(await x.item()).toBe(2);
  device.destroy();
});

test('a worker thread has a device of its own, and exits', async () => {
  const file = new URL('./worker.ts', import.meta.url).href;
  const worker = new Worker(
    `require('node:module').register('tsx/esm', ${JSON.stringify(import.meta.url)}, { data: true }); import(${JSON.stringify(file)});`,
    { eval: true },
  );
  const exited = new Promise<number>((resolve) => worker.once('exit', resolve));
  const answer = await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  expect(answer).toBe(42);
  expect(await exited).toBe(0);
});
