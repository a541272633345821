import { type DiffADConfig, evaluate, type MaskMode, type Model } from '@diffad/diffad';
import { loadTestData, type TestData } from '@diffad/diffad/node';
import type { Environment } from '../environment.ts';
import { type Cell, figuresOf } from './cell.ts';
import type { ClassData } from './class-data.ts';
import { cellKey } from './keys.ts';
import type { Store } from './store.ts';
import type { Trainer } from './trainer.ts';

/** One cell that is wanted. */
export interface Wanted {
  readonly method: string;
  readonly config: DiffADConfig;
  readonly data: ClassData;
  readonly seed: number;
}

/** Finishes cells: from the store, or by training and judging. */
export class Evaluator {
  readonly #store: Store;
  readonly #trainer: Trainer;
  readonly #maskMode: MaskMode;
  readonly #stamp: Environment;
  #test: { readonly key: string; readonly loaded: TestData } | undefined;

  constructor(store: Store, trainer: Trainer, maskMode: MaskMode, stamp: Environment) {
    this.#store = store;
    this.#trainer = trainer;
    this.#maskMode = maskMode;
    this.#stamp = stamp;
  }

  key({ config, data, seed }: Wanted): string {
    const test = { pictures: data.test, maskMode: this.#maskMode };
    return cellKey(config, this.#trainer.origin(data, seed), test);
  }

  /** The cell under its key; `fresh` says that it was not in the store. */
  async cell(wanted: Wanted): Promise<{ readonly cell: Cell; readonly fresh: boolean }> {
    const key = this.key(wanted);
    const known = await this.#store.cell(key);
    if (known) return { cell: known, fresh: false };
    const model = await this.#trainer.model(wanted.config, wanted.data, wanted.seed);
    try {
      const cell = await this.#judge(key, model, wanted);
      await this.#store.write(cell);
      return { cell, fresh: true };
    } finally {
      model.dispose();
    }
  }

  async #judge(key: string, model: Model, { method, data, seed }: Wanted): Promise<Cell> {
    const { pictures, normals } = await this.#load(data.folder, model.config);
    const { evaluation } = await evaluate(model, pictures, normals, { maskMode: this.#maskMode });
    const { adapter, driver, commit } = this.#stamp;
    return {
      key,
      className: data.name,
      seed,
      method,
      figures: figuresOf(evaluation),
      baselines: evaluation.baselines,
      maskMode: this.#maskMode,
      adapter,
      driver,
      commit,
    };
  }

  /** From cell to cell of one class the normals are kept, and which test pictures there are; those are read anew. */
  async #load(folder: string, config: DiffADConfig): Promise<TestData> {
    const key = JSON.stringify([folder, config.size, config.resize]);
    if (this.#test?.key !== key) this.#test = { key, loaded: await loadTestData(folder, { config, region: null }) };
    return this.#test.loaded;
  }
}
