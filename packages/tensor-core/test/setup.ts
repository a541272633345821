import { afterEach, beforeEach } from 'vitest';
import { devices } from './devices.ts';

const live = new Map<string, number>();

beforeEach(async () => {
  for (const [variant, device] of Object.entries(await devices())) live.set(variant, device.memory().liveBytes);
});

/** After every test: no validation error, no out-of-memory, and no byte left alive. */
afterEach(async () => {
  for (const [variant, device] of Object.entries(await devices())) {
    await device.sync();
    const leaked = device.memory().liveBytes - (live.get(variant) ?? 0);
    if (leaked !== 0) throw new Error(`the test left ${leaked} bytes alive on the ${variant} device`);
  }
});
