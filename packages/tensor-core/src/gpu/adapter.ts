import { DeviceError } from '../errors.ts';
import { underNode } from './under-node.ts';

export interface AdapterOptions {
  /** Refuse software adapters. */
  readonly requireGpu?: boolean;
  /** Part of an adapter's name, e.g. `llvmpipe`; Node only. */
  readonly adapter?: string;
}

export interface AdapterChoice {
  readonly adapter: GPUAdapter;
  readonly name: string;
  readonly software: boolean;
  readonly reason: string;
}

const SOFTWARE = /llvmpipe|lavapipe|swiftshader|basic render|warp/i;
const NO_ADAPTER =
  'no WebGPU adapter: a GPU driver with Vulkan, Metal or D3D12, or a software one is needed ' +
  '(Debian 12: apt-get install -t bookworm-backports mesa-vulkan-drivers libvulkan1)';
const NO_WEBGPU =
  'no WebGPU in this page: it must come from https or localhost, to a browser that has WebGPU ' +
  '(Chrome and Edge from 113, Safari from 26, Firefox from 141)';

// Dawn frees its instance, and the process crashes, when the object from create() is collected: kept for life.
const instances = new Map<string, GPU>();

async function dawn(adapterName: string | undefined): Promise<GPU> {
  const flags = ['disable-dawn-features=timestamp_quantization'];
  if (adapterName) flags.push(`adapter=${adapterName}`);
  const key = flags.join();
  const known = instances.get(key);
  if (known) return known;
  const { create, globals } = await import('webgpu');
  if (!('GPUBufferUsage' in globalThis)) Object.assign(globalThis, globals);
  const instance = create(flags);
  instances.set(key, instance);
  return instance;
}

const browserGpu = (): GPU | undefined => (typeof navigator === 'undefined' ? undefined : navigator.gpu);

/** Asks the browser, or Dawn under Node, for an adapter and says what it took and why. Throws DeviceError where there is none. */
export async function chooseAdapter(options: AdapterOptions): Promise<AdapterChoice> {
  const inBrowser = browserGpu();
  if (!inBrowser && !underNode()) throw new DeviceError('no-adapter', NO_WEBGPU);
  const gpu = inBrowser ?? (await dawn(options.adapter));
  const adapter = await request(gpu, options);
  const choice = describe(adapter, options);
  if (options.requireGpu && choice.software)
    throw new DeviceError('no-adapter', `init: requireGpu is set but the only adapter is software (${choice.name})`);
  return choice;
}

async function request(gpu: GPU, { adapter: name }: AdapterOptions): Promise<GPUAdapter> {
  let refusal = '';
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch((error: Error) => {
    refusal = error.message;
  });
  if (adapter) return adapter;
  // Dawn's refusal lists what there is as: name: 'llvmpipe ...'
  const present = [...refusal.matchAll(/name: '([^']+)'/g)].map(([, found]) => found).join(', ') || 'none';
  throw new DeviceError(
    'no-adapter',
    name ? `no WebGPU adapter is named like "${name}"; this machine has: ${present}` : NO_ADAPTER,
  );
}

function describe(adapter: GPUAdapter, options: AdapterOptions): AdapterChoice {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const name = [description || device || architecture, vendor].filter(Boolean).join(', ') || 'unnamed adapter';
  const software = isFallbackAdapter || SOFTWARE.test(`${vendor} ${architecture} ${device} ${description}`);
  const chosen = options.adapter ? `asked for as "${options.adapter}"` : 'the first adapter offered';
  return { adapter, name, software, reason: `${chosen}, a ${software ? 'software adapter' : 'GPU'}` };
}
