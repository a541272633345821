import { createDevice, type Device, init, type Variant } from '../src/gpu/device.ts';

let made: Promise<Record<Variant, Device>> | undefined;

/** One device per kernel family on the same adapter; `software` or `gpu`, whichever fits the adapter, is the current one. */
export function devices(): Promise<Record<Variant, Device>> {
  made ??= makeDevices();
  return made;
}

async function makeDevices(): Promise<Record<Variant, Device>> {
  const device = await init();
  const other: Variant = device.info.variant === 'gpu' ? 'software' : 'gpu';
  const twin = await createDevice({ variant: other });
  return { [device.info.variant]: device, [other]: twin } as Record<Variant, Device>;
}
