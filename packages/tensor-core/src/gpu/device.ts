import { DeviceError } from '../errors.ts';
import { Rng } from '../rng/rng.ts';
import { type AdapterChoice, type AdapterOptions, chooseAdapter } from './adapter.ts';
import { dozing } from './doze.ts';
import { type Block, BufferPool } from './pool.ts';
import { type KernelTiming, Profiler } from './profiler.ts';
import { Readback } from './readback.ts';
import { type Dispatch, Recorder } from './recorder.ts';

/** Which kernels a device runs: barrier-free register tiles, or tiles in workgroup memory. */
export type Variant = 'software' | 'gpu';

export interface InitOptions extends AdapterOptions {
  /** Seed of `device.rng`. */
  readonly seed?: number;
  /** `auto` (the default) follows the adapter; the others force a kernel family. */
  readonly variant?: 'auto' | Variant;
}

export interface DeviceInfo {
  readonly adapter: string;
  readonly reason: string;
  readonly software: boolean;
  readonly variant: Variant;
  readonly features: { readonly f16: boolean; readonly subgroups: boolean; readonly timestamps: boolean };
  /** Invocations of every subgroup; 0 where it may vary or there are none. */
  readonly subgroupSize: number;
  readonly limits: Readonly<Record<(typeof LIMITS)[number], number>>;
}

/** Bytes and counts of one device. */
export interface MemoryInfo {
  /** Bytes of tensors alive now, and the most there ever were. */
  readonly liveBytes: number;
  readonly peakBytes: number;
  /** Bytes of buffers kept for reuse. */
  readonly pooledBytes: number;
  readonly liveBuffers: number;
  /** Buffers and pipelines made since the start: both stand still once a step repeats. */
  readonly createdBuffers: number;
  readonly pipelines: number;
}

/** Told of every block handed out and given back, as it happens. */
export interface MemoryObserver {
  allocated(block: Block, bytes: number): void;
  freed(block: Block, bytes: number): void;
}

const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
] as const;
const FEATURES = ['shader-f16', 'subgroups', 'timestamp-query'] as const;

/** A WebGPU device with its buffers, recorder and facts. Made by `init` or `createDevice`; several may live side by side. */
export class Device {
  readonly gpu: GPUDevice;
  readonly info: DeviceInfo;
  readonly recorder: Recorder;
  readonly rng: Rng;
  memoryObserver: MemoryObserver | undefined;
  readonly #pool: BufferPool;
  readonly #readback: Readback;
  #liveBytes = 0;
  #peakBytes = 0;
  #liveBuffers = 0;
  #lost: string | undefined;
  #failures: DeviceError[] = [];

  constructor(gpu: GPUDevice, info: DeviceInfo, seed: number) {
    this.gpu = gpu;
    this.info = info;
    this.rng = new Rng(seed);
    this.recorder = new Recorder(gpu);
    this.#readback = new Readback(gpu, this.recorder);
    this.#pool = new BufferPool(gpu, (error) => this.#failures.push(error));
    gpu.addEventListener('uncapturederror', (event) => {
      this.#failures.push(new DeviceError('validation', `internal: WebGPU refused a command: ${event.error.message}`));
    });
    void gpu.lost.then(({ reason, message }) => {
      this.#lost ??= `${reason}: ${message}`;
    });
  }

  get lost(): boolean {
    return this.#lost !== undefined;
  }

  allocate(bytes: number, what: string): Block {
    this.#assertAlive();
    const block = this.#pool.acquire(bytes, what);
    this.#liveBytes += bytes;
    this.#liveBuffers++;
    this.#peakBytes = Math.max(this.#peakBytes, this.#liveBytes);
    this.memoryObserver?.allocated(block, bytes);
    return block;
  }

  /** A part of a block, which must outlive it. */
  part(block: Block, offset: number, bytes: number): Block {
    return this.#pool.part(block, offset, bytes);
  }

  free(block: Block, bytes: number): void {
    this.memoryObserver?.freed(block, bytes);
    this.#pool.release(block);
    this.#liveBytes -= bytes;
    this.#liveBuffers--;
  }

  dispatch(call: Dispatch): void {
    this.#assertAlive();
    this.recorder.dispatch(call);
  }

  /** Submits what is recorded and waits until the GPU has done it; errors met since the last wait are thrown here. */
  async sync(): Promise<void> {
    this.#assertAlive();
    this.recorder.flush();
    await dozing(this.gpu.queue.onSubmittedWorkDone());
    this.#throwFailure();
    this.#assertAlive();
  }

  /** The first `bytes` bytes of a block, after everything recorded so far. */
  async read(block: Block, bytes: number): Promise<ArrayBuffer> {
    this.#assertAlive();
    try {
      return await this.#readback.read(block, bytes);
    } finally {
      this.#throwFailure();
      this.#assertAlive();
    }
  }

  /** Runs `fn` with every dispatch timed on the GPU's clock. One at a time: throws TypeError while another profile runs. */
  async profile(fn: () => void | Promise<void>): Promise<KernelTiming[]> {
    if (!this.info.features.timestamps)
      throw new DeviceError('limit', `profile: ${this.info.adapter} has no timestamp queries`);
    await this.sync();
    if (this.recorder.profiler) throw new TypeError('profile: already running');
    const profiler = new Profiler(this.gpu);
    this.recorder.profiler = profiler;
    try {
      await fn();
      await this.sync();
    } finally {
      this.recorder.profiler = undefined;
    }
    return profiler.timings();
  }

  memory(): MemoryInfo {
    return {
      liveBytes: this.#liveBytes,
      peakBytes: this.#peakBytes,
      pooledBytes: this.#pool.pooledBytes,
      liveBuffers: this.#liveBuffers,
      createdBuffers: this.#pool.created,
      pipelines: this.recorder.pipelines,
    };
  }

  /** Gives the pool's unused buffers back to the driver. */
  trim(): void {
    this.recorder.flush();
    this.recorder.forgetBindGroups();
    this.#readback.trim();
    this.#pool.trim();
  }

  /** Ends the device; tensors on it can no longer be used. */
  destroy(): void {
    this.#lost ??= 'destroyed by its owner';
    this.recorder.destroy();
    this.gpu.destroy();
  }

  #assertAlive(): void {
    if (this.#lost !== undefined)
      throw new DeviceError(
        'lost',
        `the device is lost (${this.#lost}); call init() again and load the last checkpoint`,
      );
  }

  #throwFailure(): void {
    const failures = this.#failures;
    this.#failures = [];
    const first = failures.find(({ kind }) => kind === 'out-of-memory') ?? failures[0];
    if (first) throw first;
  }
}

/** A device of its own, beside the one `init` made. */
export async function createDevice(options: InitOptions = {}): Promise<Device> {
  const choice = await chooseAdapter(options);
  const { adapter } = choice;
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
  const requiredFeatures = FEATURES.filter((name) => adapter.features.has(name));
  const gpu = await adapter.requestDevice({ requiredFeatures, requiredLimits });
  return new Device(gpu, deviceInfo(choice, gpu, options), options.seed ?? 0);
}

function deviceInfo(choice: AdapterChoice, gpu: GPUDevice, options: InitOptions): DeviceInfo {
  const forced = options.variant === 'auto' ? undefined : options.variant;
  const limits = Object.fromEntries(LIMITS.map((name) => [name, gpu.limits[name]])) as DeviceInfo['limits'];
  const { subgroupMinSize, subgroupMaxSize } = choice.adapter.info;
  const subgroups = gpu.features.has('subgroups');
  return {
    adapter: choice.name,
    reason: choice.reason,
    software: choice.software,
    variant: forced ?? (choice.software ? 'software' : 'gpu'),
    features: {
      f16: gpu.features.has('shader-f16'),
      subgroups,
      timestamps: gpu.features.has('timestamp-query'),
    },
    subgroupSize: subgroups && subgroupMinSize === subgroupMaxSize ? subgroupMinSize : 0,
    limits,
  };
}

let current: Device | undefined;
let pending: Promise<Device> | undefined;

/** Finds an adapter and makes its device the current one. Further calls return that device until it is lost. */
export async function init(options: InitOptions = {}): Promise<Device> {
  if (current && !current.lost) return checkInit(current, options);
  pending ??= createDevice(options)
    .then((device) => {
      current = device;
      return device;
    })
    .finally(() => {
      pending = undefined;
    });
  return checkInit(await pending, options);
}

function checkInit(device: Device, { requireGpu, variant }: InitOptions): Device {
  if (requireGpu && device.info.software)
    throw new DeviceError(
      'no-adapter',
      `init: requireGpu is set but the current device is software (${device.info.adapter})`,
    );
  if (variant && variant !== 'auto' && variant !== device.info.variant)
    throw new DeviceError(
      'mixed',
      `init: variant '${variant}' asked for, the current device runs '${device.info.variant}'; use createDevice()`,
    );
  return device;
}

/** The device new tensors are made on. */
export function currentDevice(): Device {
  if (!current) throw new DeviceError('no-adapter', 'no device yet: await init() before making tensors');
  return current;
}

/** Makes tensors on `device` inside `fn`. */
export function withDevice<T>(device: Device, fn: () => T): T {
  const outer = current;
  current = device;
  try {
    const result = fn();
    if (result instanceof Promise)
      throw new TypeError('withDevice: fn returned a promise; make tensors synchronously inside it');
    return result;
  } finally {
    current = outer;
  }
}

/** An op was given tensors of two devices. */
export const mixedDevices = (op: string, devices: readonly [Device, Device]): DeviceError =>
  new DeviceError(
    'mixed',
    `${op}: its tensors live on different devices: ${devices.map(({ info }) => `${info.adapter} (${info.variant})`).join(' and ')}; read() and tensor() move one`,
  );
