import { STORED } from './dtypes.ts';
import { SafetensorsError } from './error.ts';
import { scanHeader } from './scan.ts';

const MAX_HEADER = 100_000_000;

/** Where a tensor lies: `begin` and `end` count bytes from the end of the header. */
export interface Entry {
  readonly name: string;
  readonly stored: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The length of the header from the first eight bytes of a file of `size` bytes. */
export function headerLength(first: Uint8Array, size: number): number {
  if (size < 8) throw new SafetensorsError(`the file has ${size} bytes, fewer than the 8 of the header's length`);
  const length = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true);
  if (length > BigInt(size - 8))
    throw new SafetensorsError(`the header claims ${length} bytes, the file has ${size - 8} after its length`);
  if (length > BigInt(MAX_HEADER))
    throw new SafetensorsError(`the header claims ${length} bytes, more than the ${MAX_HEADER} allowed`);
  return Number(length);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isExtent = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Reads and checks a header: known dtypes, sizes that match shapes, and entries that fill `bytes` without overlap or hole. */
export function parseHeader(json: Uint8Array, bytes: number): Header {
  const { __metadata__: metadata = {}, ...tensors } = parseJson(json);
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== 'string'))
    throw new SafetensorsError('__metadata__ must map names to strings');
  const entries = Object.entries(tensors).map(([name, value]) => parseEntry(name, value));
  checkTiling(entries, bytes);
  return { entries, metadata: metadata as Record<string, string> };
}

function parseJson(json: Uint8Array): Record<string, unknown> {
  if (json[0] !== 0x7b) throw new SafetensorsError('the header does not begin with {; this is not a safetensors file');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(json);
  } catch {
    throw new SafetensorsError('the header is not UTF-8');
  }
  scanHeader(text);
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new SafetensorsError('the header is not JSON');
  }
}

function parseEntry(name: string, value: unknown): Entry {
  if (!isRecord(value)) throw new SafetensorsError(`${name}: expected dtype, shape and data_offsets`);
  const { dtype, shape, data_offsets: offsets } = value;
  const stored = typeof dtype === 'string' && Object.hasOwn(STORED, dtype) ? STORED[dtype] : undefined;
  if (!stored)
    throw new SafetensorsError(`${name}: dtype ${String(dtype)} is not one of ${Object.keys(STORED).join(', ')}`);
  if (!Array.isArray(shape) || !shape.every(isExtent))
    throw new SafetensorsError(`${name}: shape must be a list of integers >= 0`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isExtent))
    throw new SafetensorsError(`${name}: data_offsets must be two integers >= 0`);
  const [begin, end] = offsets as [number, number];
  const needed = shape.reduce((product, extent) => product * extent, 1) * stored.bytes;
  if (end - begin !== needed)
    throw new SafetensorsError(
      `${name}: data_offsets span ${end - begin} bytes, ${dtype} [${shape.join(', ')}] has ${needed}`,
    );
  return { name, stored: dtype as string, shape, begin, end };
}

function checkTiling(entries: readonly Entry[], bytes: number): void {
  let at = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < at)
      throw new SafetensorsError(`${name}: begins at byte ${begin}, inside another tensor that ends at ${at}`);
    if (begin > at) throw new SafetensorsError(`${name}: begins at byte ${begin}, leaving a hole after byte ${at}`);
    at = end;
  }
  if (at !== bytes)
    throw new SafetensorsError(`the tensors end at byte ${at}, the file at byte ${bytes}; it is truncated or too long`);
}
