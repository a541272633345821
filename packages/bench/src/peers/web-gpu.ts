import { create, globals } from 'webgpu';

let instance: GPU | undefined;

/** Gives Node the globals a browser has, which the peers look for. Dawn dies when its instance is collected: kept for life. */
export function installWebGpu(): void {
  if (instance) return;
  instance = create(['disable-dawn-features=timestamp_quantization']);
  Object.assign(globalThis, globals);
  const value = { gpu: instance, userAgent: 'Node' };
  Object.defineProperty(globalThis, 'navigator', { value, configurable: true });
}
