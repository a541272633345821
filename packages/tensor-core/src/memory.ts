import { currentDevice, type MemoryInfo } from './gpu/device.ts';

/** What the current device holds, in bytes and counts. */
export const memory = (): MemoryInfo => currentDevice().memory();
