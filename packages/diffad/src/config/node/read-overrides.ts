import { readFile } from 'node:fs/promises';
import { ConfigError } from '../resolve.ts';

/** The values of a JSON file that replace a preset's. Throws ConfigError where it cannot be read or is not JSON. */
export async function readOverrides(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, 'utf8').catch((cause: Error): never => {
    throw new ConfigError(`${file}: cannot be read (${cause.message.split(',')[0]})`);
  });
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new ConfigError(`${file}: is not JSON`, { cause });
  }
}
