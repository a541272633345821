import type { HostTensor } from '../parameter.ts';
import { STORED } from './dtypes.ts';
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

const ofBytes = (bytes: Uint8Array): Source => ({
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
});

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
    const from = source instanceof Uint8Array ? ofBytes(source) : source;
    const length = headerLength(await from.read(0, Math.min(8, from.size)), from.size);
    const header = parseHeader(await from.read(8, length), from.size - 8 - length);
    return new SafetensorsReader(from, header, 8 + length);
  }

  async read({ stored, shape, begin, end }: Entry): Promise<HostTensor> {
    const { dtype, bytes, decode } = STORED[stored] as (typeof STORED)[string];
    const raw = await this.#source.read(this.#start + begin, end - begin);
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    return { shape, dtype: dtype as HostTensor['dtype'], data: decode(view, (end - begin) / bytes) };
  }
}

/**
 * Reads a whole file: a path (Node only), bytes, or anything that reads in parts. Shapes and layouts are as stored.
 * Throws SafetensorsError; nothing is returned of a file that is wrong anywhere.
 */
export async function loadSafetensors(file: string | Uint8Array | Source): Promise<LoadedFile> {
  if (typeof file === 'string') return (await import('./node/file.ts')).withFile(file, loadSafetensors);
  const reader = await SafetensorsReader.open(file);
  const tensors: Record<string, HostTensor> = {};
  for (const entry of reader.header.entries) tensors[entry.name] = await reader.read(entry);
  return { tensors, metadata: reader.header.metadata };
}
