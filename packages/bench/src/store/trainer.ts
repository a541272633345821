import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createModel,
  DiffAD,
  type DiffADConfig,
  type Model,
  measureUsual,
  type Progress,
  positionOf,
  type StageName,
  stagesOf,
  train,
} from '@diffad/diffad';
import { loadRunData, type RunData, RunFolder, type RunSettings, readHeldOut } from '@diffad/diffad/node';
import { type LoadedFile, loadModule, loadSafetensors, savable, saveSafetensors } from '@diffad/nn';
import type { ClassData } from './class-data.ts';
import { type Origin, partKey } from './keys.ts';
import type { Store } from './store.ts';

/** The networks a stage leaves behind, by the prefix of their names. */
const networksOf: Readonly<Record<StageName, readonly string[]>> = {
  vae: ['vae.'],
  diffusion: ['unet.'],
  segment: ['seg.'],
  draem: ['rec.', 'seg.'],
};

export interface TrainerOptions {
  readonly store: Store;
  /** Folder of textures to paste, with its fingerprint; null for made-up ones. */
  readonly textures: { readonly folder: string; readonly fingerprint: string } | null;
  /** Seconds between checkpoints. */
  readonly saveEvery: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly onPart?: (event: { readonly stage: StageName; readonly key: string }) => void;
}

/** Trains what the store does not hold yet, every part once, and puts parts together. */
export class Trainer {
  readonly #options: TrainerOptions;
  #data: { readonly key: string; readonly loaded: RunData } | undefined;

  constructor(options: TrainerOptions) {
    this.#options = options;
  }

  origin({ train: pictures }: ClassData, seed: number): Origin {
    return { seed, pictures, textures: this.#options.textures?.fingerprint ?? null };
  }

  /** A model trained on a class, ready to judge. Throws Interrupted after `signal`; the part then goes on from its checkpoint. */
  async model(config: DiffADConfig, data: ClassData, seed: number): Promise<Model> {
    const settings: RunSettings = { version: 1, data: data.folder, textures: this.#textures, seed, config };
    const parts: LoadedFile[] = [];
    for (const stage of stagesOf(config)) parts.push(await this.#part(stage, settings, data, parts));
    const model = createModel(config, seed);
    putIn(model, parts);
    const { split } = await this.#load(settings);
    await measureUsual(model.eval(), readHeldOut(data.folder, split));
    return model;
  }

  async #part(
    stage: StageName,
    settings: RunSettings,
    data: ClassData,
    before: readonly LoadedFile[],
  ): Promise<LoadedFile> {
    const { store, onPart } = this.#options;
    const key = partKey(stage, settings.config, this.origin(data, settings.seed));
    if ((await store.trained(stage, key)) === undefined) {
      onPart?.({ stage, key });
      await this.#train(stage, store.part(stage, key), settings, before);
    }
    const path = store.part(stage, key);
    return loadSafetensors(join(path, 'network.safetensors')).catch(damaged(path));
  }

  get #textures(): string | null {
    return this.#options.textures?.folder ?? null;
  }

  async #train(stage: StageName, path: string, settings: RunSettings, before: readonly LoadedFile[]): Promise<void> {
    // A part begun with other values of later stages goes on with those: its checkpoint holds their untrained networks.
    const { folder, resume } = await openPart(path, settings);
    await using _ = await folder.hold();
    const { config } = folder.settings;
    const data = await this.#load({ ...settings, config });
    const { signal, saveEvery, onProgress } = this.#options;
    const model = await train({
      config,
      seed: settings.seed,
      data: data.training,
      stages: [stage],
      begin: (fresh) => putIn(fresh, before),
      ...(resume && { resume }),
      save: (checkpoint) => folder.saveCheckpoint(checkpoint, `${stage}-${positionOf(checkpoint).step}`),
      saveEvery,
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    try {
      await save(model, stage, join(path, 'network.safetensors'));
    } finally {
      model.dispose();
    }
    await rm(join(path, 'checkpoints'), { recursive: true, force: true });
  }

  /** Pictures and simulated defects are kept from part to part. */
  async #load(settings: RunSettings): Promise<RunData> {
    const { data, seed, config } = settings;
    const { size, patch, channelOrder, resize, heldOut, simulation } = config;
    const key = JSON.stringify([data, seed, size, patch, channelOrder, resize, heldOut, simulation]);
    if (this.#data?.key !== key) this.#data = { key, loaded: await loadRunData(settings) };
    return this.#data.loaded;
  }
}

/** Begins a part, or goes on where it was stopped. */
async function openPart(path: string, settings: RunSettings) {
  if (!existsSync(join(path, 'config.json')))
    return { folder: await RunFolder.create(path, settings), resume: undefined };
  const folder = await RunFolder.open(path).catch(damaged(path));
  return { folder, resume: await folder.loadCheckpoint().catch(damaged(path)) };
}

const damaged =
  (path: string) =>
  (cause: Error): never => {
    throw new Error(
      `${cause.message}; a part of the store is damaged: delete ${path}, and the same command trains it again`,
      { cause },
    );
  };

async function save(model: Model, stage: StageName, path: string): Promise<void> {
  const own = model.networks.filter(([prefix]) => networksOf[stage].includes(prefix));
  const tensors = Object.assign({}, ...own.map(([prefix, network]) => savable(network, prefix)));
  const latentScale = model instanceof DiffAD ? String(model.latentScale) : '1';
  await saveSafetensors(path, tensors, { latentScale });
}

/** Overwrites the networks that `parts` hold. */
function putIn(model: Model, parts: readonly LoadedFile[]): void {
  for (const part of parts) {
    const names = Object.keys(part.tensors);
    for (const [prefix, network] of model.networks)
      if (names.some((name) => name.startsWith(prefix))) loadModule(network, part, prefix);
    if (model instanceof DiffAD) model.latentScale = Number(part.metadata.latentScale);
  }
}
