import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '@diffad/diffad/node';
import type { Cell } from './cell.ts';

/** Trained parts and finished cells on disk, each under its key. Everything appears whole or not at all, so a stopped bench goes on. */
export class Store {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Where the pictures of generated classes lie. */
  get made(): string {
    return join(this.folder, 'data');
  }

  /** The folder a part is trained in. */
  part(stage: string, key: string): string {
    return join(this.folder, 'parts', `${stage}-${key}`);
  }

  /** The weights of a part that has been trained to its end; undefined before. */
  async trained(stage: string, key: string): Promise<string | undefined> {
    const file = join(this.part(stage, key), 'network.safetensors');
    return access(file).then(
      () => file,
      () => undefined,
    );
  }

  #cell(key: string): string {
    return join(this.folder, 'cells', `${key}.json`);
  }

  /** A finished cell; undefined before. */
  async cell(key: string): Promise<Cell | undefined> {
    const text = await readFile(this.#cell(key), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as Cell);
  }

  write(cell: Cell): Promise<void> {
    return writeWhole(this.#cell(cell.key), `${JSON.stringify(cell, null, 1)}\n`);
  }
}
