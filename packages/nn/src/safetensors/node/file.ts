import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SafetensorsError } from '../error.ts';
import type { Source } from '../load.ts';
import type { Sink } from '../save.ts';

/** Opens `path` for reading in parts and closes it after `use`. Errors name the file. */
export async function withFile<T>(path: string, use: (source: Source) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return await use({
      size,
      async read(offset, length) {
        const bytes = new Uint8Array(length);
        const { bytesRead } = await file.read(bytes, 0, length, offset);
        return bytes.subarray(0, bytesRead);
      },
    });
  } catch (error) {
    if (error instanceof SafetensorsError) error.message = `${path}: ${error.message}`;
    throw error;
  } finally {
    await file.close();
  }
}

/** Writes `path` whole or not at all: under a temporary name beside it, renamed at the end. */
export async function intoFile(path: string, write: (sink: Sink) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.part`;
  const file = await open(temporary, 'w');
  try {
    await write({
      async write(bytes) {
        await file.writeFile(bytes);
      },
    });
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}
