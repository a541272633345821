import { dozing } from './doze.ts';
import type { Block } from './pool.ts';
import type { Recorder } from './recorder.ts';

/** Staging buffers up to this size are kept, so that reading a loss at every step makes no buffer. */
const KEPT_BYTES = 65536;

/** Copies blocks to the host through staging buffers. */
export class Readback {
  readonly #gpu: GPUDevice;
  readonly #recorder: Recorder;
  readonly #idle = new Map<number, GPUBuffer[]>();

  constructor(gpu: GPUDevice, recorder: Recorder) {
    this.#gpu = gpu;
    this.#recorder = recorder;
  }

  /** The first `bytes` bytes of a block; the pending commands are submitted first. */
  async read(block: Block, bytes: number): Promise<ArrayBuffer> {
    const size = Math.ceil(bytes / 4) * 4;
    const staging = this.#idle.get(size)?.pop() ?? this.#create(size);
    let mapped = false;
    try {
      this.#recorder.copy(block, staging, size);
      this.#recorder.flush();
      await dozing(staging.mapAsync(GPUMapMode.READ));
      mapped = true;
      return staging.getMappedRange().slice(0, bytes);
    } finally {
      if (mapped && size <= KEPT_BYTES) this.#keep(staging);
      else staging.destroy();
    }
  }

  /** Destroys the staging buffers nobody waits for. */
  trim(): void {
    for (const buffers of this.#idle.values()) for (const buffer of buffers) buffer.destroy();
    this.#idle.clear();
  }

  #create(size: number): GPUBuffer {
    return this.#gpu.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  }

  #keep(staging: GPUBuffer): void {
    staging.unmap();
    const buffers = this.#idle.get(staging.size);
    if (buffers) buffers.push(staging);
    else this.#idle.set(staging.size, [staging]);
  }
}
