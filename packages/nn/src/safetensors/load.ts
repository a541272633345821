import type { HostTensor } from '../parameter.ts';
import { STORED } from './dtypes.ts';
import { SafetensorsError } from './error.ts';
import { expectFiles } from './expect-files.ts';
import { type Entry, type Header, headerLength, parseHeader } from './header.ts';

/** Bytes that can be read in parts: a file, a blob, an array. */
export interface Source {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface LoadedFile {
  readonly tensors: Record<string, HostTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads copies, so that what is loaded does not change with the array; a Buffer of Node's would slice without one. */
const ofBytes = (bytes: Uint8Array): Source => ({
  size: bytes.length,
  read: (offset, length) => Promise.resolve(Uint8Array.prototype.slice.call(bytes, offset, offset + length)),
});

function sourceOf(source: Source | Uint8Array): Source {
  if (source instanceof Uint8Array) return ofBytes(source);
  if (typeof source?.read === 'function') return source;
  const kind = Object.prototype.toString.call(source).slice('[object '.length, -1);
  throw new TypeError(
    `loadSafetensors: got ${kind}, expected a path, a Uint8Array, or a source with size and read(offset, length)`,
  );
}

async function readWhole(source: Source, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await source.read(offset, length);
  if (bytes.length !== length)
    throw new SafetensorsError(
      `${length} bytes asked for at byte ${offset}, ${bytes.length} came; the file is truncated`,
    );
  return bytes;
}

/** An opened file: its header is checked, its tensors are read one by one on demand. */
export class SafetensorsReader {
  readonly header: Header;
  readonly #source: Source;
  readonly #start: number;

  private constructor(source: Source, header: Header, start: number) {
    this.#source = source;
    this.header = header;
    this.#start = start;
  }

  /** Throws SafetensorsError for anything that is not a well-formed file. */
  static async open(source: Source | Uint8Array): Promise<SafetensorsReader> {
    const from = sourceOf(source);
    const length = headerLength(await readWhole(from, 0, Math.min(8, from.size)), from.size);
    const header = parseHeader(await readWhole(from, 8, length), from.size - 8 - length);
    return new SafetensorsReader(from, header, 8 + length);
  }

  async read({ stored, shape, begin, end }: Entry): Promise<HostTensor> {
    const { dtype, bytes, decode } = STORED[stored] as (typeof STORED)[string];
    const raw = await readWhole(this.#source, this.#start + begin, end - begin);
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    return { shape, dtype: dtype as HostTensor['dtype'], data: decode(view, (end - begin) / bytes) };
  }
}

/** A path (Node only), bytes, or anything that reads in parts. */
export type Readable = string | Uint8Array | Source;

/** Whether a file is the path of an index that names shards. */
export const isIndex = (file: Readable): file is string => typeof file === 'string' && file.endsWith('.index.json');

const BYTES = 'the bytes, new Uint8Array(await (await fetch(url)).arrayBuffer())';

/** Opens a file, hands it to `use`, and closes it. Throws SafetensorsError, naming the path. */
export async function withReader<T>(file: Readable, use: (reader: SafetensorsReader) => Promise<T>): Promise<T> {
  if (typeof file === 'string') {
    expectFiles(file, BYTES);
    return (await import('./node/file.ts')).withFile(file, (source) => withReader(source, use));
  }
  return use(await SafetensorsReader.open(file));
}

/**
 * Reads a whole file, or through the path of an index (`*.index.json`) all its shards. Shapes and layouts are as stored.
 * Throws SafetensorsError; nothing is returned of a file that is wrong anywhere.
 */
export async function loadSafetensors(file: Readable): Promise<LoadedFile> {
  if (isIndex(file)) {
    expectFiles(file, 'the bytes of one shard after the other');
    return (await import('./node/shards.ts')).loadShards(file, loadSafetensors);
  }
  return withReader(file, async (reader) => {
    const tensors: [string, HostTensor][] = [];
    for (const entry of reader.header.entries) tensors.push([entry.name, await reader.read(entry)]);
    return { tensors: Object.fromEntries(tensors), metadata: reader.header.metadata };
  });
}
