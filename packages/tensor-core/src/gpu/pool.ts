import { DeviceError } from '../errors.ts';

/** A GPU buffer, or a part of one, with an identity; a whole one lives in the pool whenever nobody holds it. */
export interface Block {
  readonly buffer: GPUBuffer;
  readonly id: number;
  /** Where in the buffer it begins: zero but for parts. */
  readonly offset: number;
  readonly bytes: number;
  /** The recorder's flush count when a recorded command last touched this block. */
  lastUse: number;
}

const SMALLEST = 256;
/** Every adapter can bind a part of a buffer that begins at a multiple of this. */
const PART_ALIGNMENT = 256;
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
  readonly #parts = new WeakMap<Block, Map<string, Block>>();
  /** Blocks in use whose buffer the driver had no memory for. */
  readonly #failed = new WeakSet<Block>();
  #ids = 0;
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

  /** A part of a block, the same object every time: used when its block is, and bound alone. */
  part(block: Block, offset: number, bytes: number): Block {
    const end = offset + Math.ceil(bytes / PART_ALIGNMENT) * PART_ALIGNMENT;
    if (offset % PART_ALIGNMENT !== 0 || end > block.bytes)
      throw new Error(`internal: a part of ${bytes} bytes at ${offset} does not fit a block of ${block.bytes}`);
    const parts = this.#parts.get(block) ?? new Map<string, Block>();
    this.#parts.set(block, parts);
    const key = `${offset},${end}`;
    const part = parts.get(key) ?? this.#createPart(block, offset, end - offset);
    parts.set(key, part);
    return part;
  }

  release(block: Block): void {
    if (this.#failed.delete(block)) {
      block.buffer.destroy();
      return;
    }
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

  #createPart(block: Block, offset: number, bytes: number): Block {
    return {
      buffer: block.buffer,
      id: this.#ids++,
      offset: block.offset + offset,
      bytes,
      get lastUse() {
        return block.lastUse;
      },
      set lastUse(flushes: number) {
        block.lastUse = flushes;
      },
    };
  }

  #create(bytes: number, what: string): Block {
    this.#gpu.pushErrorScope('out-of-memory');
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.#gpu.createBuffer({ size: bytes, usage });
    const block: Block = { buffer, id: this.#ids++, offset: 0, bytes, lastUse: -1 };
    void this.#gpu.popErrorScope().then((error) => {
      if (!error) return;
      this.#discard(block);
      this.#onFailure(
        new DeviceError(
          'out-of-memory',
          `out of GPU memory: ${bytes} bytes for ${what}; use a smaller batch, dispose tensors or call device.trim()`,
        ),
      );
    });
    this.#created++;
    return block;
  }

  /** Keeps a block that has no memory from being handed out again; it may be back already. */
  #discard(block: Block): void {
    this.#failed.add(block);
    const list = this.#free.get(block.bytes) ?? [];
    const place = list.indexOf(block);
    if (place < 0) return;
    list.splice(place, 1);
    this.#pooledBytes -= block.bytes;
    this.release(block);
  }
}
