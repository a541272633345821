import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sample } from '@diffad/diffad';
import { listPictures } from '@diffad/diffad/node';

/** A short hash of files by their names and bytes, in the order given. */
async function fingerprint(root: string, files: readonly string[]): Promise<string> {
  const all = createHash('sha256');
  for (const file of files) {
    const own = createHash('sha256').update(await readFile(join(root, file)));
    all.update(`${file}\n${own.digest('hex')}\n`);
  }
  return all.digest('hex').slice(0, 16);
}

/** Samples by their roles: kinds, pictures and masks. */
export async function fingerprintSamples(root: string, samples: readonly Sample[]): Promise<string> {
  const files = await fingerprint(
    root,
    samples.flatMap(({ path, mask }) => [path, ...(mask === null ? [] : [mask])]),
  );
  const roles = JSON.stringify(samples.map(({ path, kind, mask }) => [path, kind, mask]));
  return createHash('sha256').update(files).update(roles).digest('hex').slice(0, 16);
}

export const fingerprintFolder = async (root: string): Promise<string> => fingerprint(root, await listPictures(root));
