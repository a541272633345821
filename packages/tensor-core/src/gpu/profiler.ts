import { dozing } from './doze.ts';
import type { Dispatch } from './recorder.ts';

/** One dispatch as the GPU timed it. */
export interface KernelTiming {
  readonly kernel: string;
  /** Shapes: inputs -> outputs. */
  readonly label: string;
  /** The layer it ran for, `UNet.inputBlocks.4.0`; its gradients carry the same path. */
  readonly path: string;
  /** GPU clock, nanoseconds. */
  readonly start: number;
  readonly end: number;
  readonly flops: number;
  readonly bytes: number;
}

const CAPACITY = 2048;
/** More dispatches than the recorder puts into one submit. */
const LARGEST_SUBMIT = 512;

interface Batch {
  readonly calls: readonly Dispatch[];
  readonly buffer: GPUBuffer;
}

/** Times every dispatch in a pass of its own with timestamp queries. */
export class Profiler {
  readonly #gpu: GPUDevice;
  readonly #queries: GPUQuerySet;
  readonly #batches: Batch[] = [];
  #calls: Dispatch[] = [];

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
    this.#queries = gpu.createQuerySet({ type: 'timestamp', count: 2 * CAPACITY });
  }

  begin(call: Dispatch): GPUComputePassTimestampWrites {
    const first = 2 * this.#calls.length;
    this.#calls.push(call);
    return { querySet: this.#queries, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 };
  }

  /** Copies the timestamps out where the next submit might not have room for its own: seldom, since it costs time. */
  resolve(encoder: GPUCommandEncoder): void {
    if (this.#calls.length > CAPACITY - LARGEST_SUBMIT) this.#copyOut(encoder);
  }

  #copyOut(encoder: GPUCommandEncoder): void {
    const size = 16 * this.#calls.length;
    const resolved = this.#gpu.createBuffer({
      size,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
    const buffer = this.#gpu.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    encoder.resolveQuerySet(this.#queries, 0, 2 * this.#calls.length, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, buffer, 0, size);
    this.#batches.push({ calls: this.#calls, buffer });
    this.#calls = [];
  }

  async timings(): Promise<KernelTiming[]> {
    if (this.#calls.length > 0) {
      const encoder = this.#gpu.createCommandEncoder();
      this.#copyOut(encoder);
      this.#gpu.queue.submit([encoder.finish()]);
    }
    const timings: KernelTiming[] = [];
    for (const { calls, buffer } of this.#batches) {
      await dozing(buffer.mapAsync(GPUMapMode.READ));
      const stamps = new BigInt64Array(buffer.getMappedRange());
      const origin = stamps[0] as bigint;
      const base = Number(origin);
      calls.forEach((call, i) => {
        const start = base + Number((stamps[2 * i] as bigint) - origin);
        const end = base + Number((stamps[2 * i + 1] as bigint) - origin);
        timings.push({
          kernel: call.kernel.name,
          label: call.label?.() ?? '',
          path: call.path ?? '',
          start,
          end,
          flops: call.flops ?? 0,
          bytes: call.bytes ?? 0,
        });
      });
      buffer.destroy();
    }
    this.#batches.length = 0;
    this.#queries.destroy();
    return timings;
  }
}
