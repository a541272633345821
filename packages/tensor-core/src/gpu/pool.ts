import { DeviceError } from '../errors.ts';

/** A GPU buffer with an identity; it lives in the pool whenever nobody holds it. */
export interface Block {
  readonly buffer: GPUBuffer;
  readonly id: number;
  readonly bytes: number;
  /** The recorder's flush count when a recorded command last touched this block. */
  lastUse: number;
}

const SMALLEST = 256;
const CLASSES_PER_OCTAVE = 8;

/** The pool's size class for `bytes`: at most an eighth larger. */
export function sizeClass(bytes: number): number {
  if (bytes <= SMALLEST) return SMALLEST;
  const step = 2 ** Math.floor(Math.log2(bytes - 1)) / CLASSES_PER_OCTAVE;
  return Math.ceil(bytes / step) * step;
}

/** Puts a block where its id belongs in a list of falling ids. */
function insert(list: Block[], block: Block): void {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as Block).id > block.id) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, block);
}

/**
 * Keeps released buffers by size class and hands out the one with the lowest id. So a step that begins with the same buffers
 * free meets the same ones, in whatever order the step before gave them back, and its bind groups are already made.
 */
export class BufferPool {
  readonly #gpu: GPUDevice;
  readonly #onFailure: (error: DeviceError) => void;
  readonly #limit: number;
  readonly #free = new Map<number, Block[]>();
  #created = 0;
  #pooledBytes = 0;

  constructor(gpu: GPUDevice, onFailure: (error: DeviceError) => void) {
    this.#gpu = gpu;
    this.#onFailure = onFailure;
    this.#limit = Math.min(gpu.limits.maxBufferSize, gpu.limits.maxStorageBufferBindingSize);
  }

  get created(): number {
    return this.#created;
  }

  get pooledBytes(): number {
    return this.#pooledBytes;
  }

  acquire(bytes: number, what: string): Block {
    if (bytes > this.#limit)
      throw new DeviceError(
        'limit',
        `${what} needs ${bytes} bytes in one binding, this adapter allows ${this.#limit}; use a smaller batch or tiles`,
      );
    const size = Math.min(sizeClass(bytes), this.#limit);
    const block = this.#free.get(size)?.pop();
    if (!block) return this.#create(size, what);
    this.#pooledBytes -= block.bytes;
    return block;
  }

  release(block: Block): void {
    const list = this.#free.get(block.bytes);
    if (list) insert(list, block);
    else this.#free.set(block.bytes, [block]);
    this.#pooledBytes += block.bytes;
  }

  /** Destroys every buffer nobody holds. */
  trim(): void {
    for (const list of this.#free.values()) for (const block of list) block.buffer.destroy();
    this.#free.clear();
    this.#pooledBytes = 0;
  }

  #create(bytes: number, what: string): Block {
    this.#gpu.pushErrorScope('out-of-memory');
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.#gpu.createBuffer({ size: bytes, usage });
    void this.#gpu.popErrorScope().then((error) => {
      if (error)
        this.#onFailure(
          new DeviceError(
            'out-of-memory',
            `out of GPU memory: ${bytes} bytes for ${what}; use a smaller batch or dispose tensors`,
          ),
        );
    });
    return { buffer, id: this.#created++, bytes, lastUse: -1 };
  }
}
