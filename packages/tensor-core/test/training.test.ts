import { expect, test, vi } from 'vitest';
import { createDevice, type MemoryInfo, type Tensor } from '../src/index.ts';
import { devices } from './devices.ts';
import { tinyUNet } from './tiny-unet.ts';

async function once(loss: Tensor): Promise<number> {
  const value = await loss.item();
  loss.dispose();
  return value;
}

test('the same seed gives the same bits, on each kernel family', async () => {
  for (const device of Object.values(await devices())) {
    const run = async (seed: number): Promise<{ losses: number[]; weights: number[][] }> => {
      const network = tinyUNet(device, seed);
      const losses: number[] = [];
      for (let step = 0; step < 4; step++) losses.push(await once(network.step()));
      const weights = await network.read();
      network.dispose();
      return { losses, weights };
    };
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  }
});

test('500 steps: live bytes flat, nothing created after the second, under 100 pipelines, a falling loss', async () => {
  const device = await createDevice();
  const made = (['createBuffer', 'createBindGroup', 'createComputePipeline'] as const).map((name) =>
    vi.spyOn(device.gpu, name),
  );
  const network = tinyUNet(device, 1);
  const losses: number[] = [];
  const history: (MemoryInfo & { calls: number[] })[] = [];
  for (let step = 0; step < 500; step++) {
    const loss = network.step();
    // Not at every step: waiting would be most of the test's time.
    if (step % 5 === 0) losses.push(await loss.item());
    loss.dispose();
    history.push({ ...device.memory(), calls: made.map((spy) => spy.mock.calls.length) });
  }
  network.dispose();
  const [, second, ...later] = history;
  expect(new Set(later.map((info) => JSON.stringify(info)))).toEqual(new Set([JSON.stringify(second)]));
  expect(second?.pipelines).toBeLessThan(100);
  expect(device.memory().liveBytes).toBe(0);
  const average = (part: number[]): number => part.reduce((a, b) => a + b, 0) / part.length;
  expect(average(losses.slice(-20))).toBeLessThan(0.5 * average(losses.slice(0, 4)));
  device.destroy();
});
