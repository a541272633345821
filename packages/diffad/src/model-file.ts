import {
  type LoadedFile,
  loadModule,
  loadSafetensors,
  type Module,
  type Savable,
  type Source,
  savable,
} from '@diffad/nn';
import { parseConfig } from './config/resolve.ts';
import type { DiffADConfig } from './config/schema.ts';
import type { Golden } from './golden.ts';
import type { Mask } from './image/image.ts';
import { type PackedMask, unpackMask } from './image/packed-mask.ts';
import type { Calibration } from './metrics/calibrate.ts';

/** Version of the layout below; files of another are refused. */
const VERSION = 1;

/** What paths of model files end in; others are run folders. */
export const MODEL_ENDING = '.safetensors';

/** The model file that a path of a run folder or a model file stands for. */
export const modelFileOf = (run: string): string => (run.endsWith(MODEL_ENDING) ? run : `${run}/model${MODEL_ENDING}`);

/** What stands beside the weights, as JSON in the file's metadata: enough for any runtime to judge a picture the same way. */
export interface Manifest {
  readonly version: number;
  readonly config: DiffADConfig;
  readonly latentScale: number;
  /** See {@link DiffAD.usualDifference}; missing in files written before it existed. */
  readonly usualDifference?: number | null;
  /** See {@link DiffAD.usualLevel}; missing in files written before it existed. */
  readonly usualLevel?: number | null;
  /** See {@link DiffAD.region}; missing in files written before it existed. */
  readonly region?: PackedMask | null;
  /** Null until the model has been calibrated. */
  readonly calibration: Calibration | null;
  /** A picture with the score it must get. */
  readonly golden?: Golden | null;
  /** Anything a person should know of the file, such as the command that made it. */
  readonly note?: string;
}

/** Networks with the prefix of their names in files: `vae.`, `unet.`, `seg.`, `rec.`. Spec 9.5. */
export interface Networks {
  readonly networks: readonly (readonly [prefix: string, network: Module<never, unknown>])[];
}

/** All weights as `saveSafetensors` takes them. */
export const modelTensors = ({ networks }: Networks): Record<string, Savable> =>
  Object.assign({}, ...networks.map(([prefix, network]) => savable(network, prefix)));

/** Overwrites all weights; throws ShapeError listing every name that does not fit. */
export function loadModelTensors({ networks }: Networks, file: Pick<LoadedFile, 'tensors'>): void {
  for (const [prefix, network] of networks) loadModule(network, file, prefix);
}

/** What a model file fills. The baseline has neither scale nor difference. */
interface Fillable extends Networks {
  latentScale?: number;
  usualDifference?: number | null;
  usualLevel: number | null;
  region: Mask | null;
  calibration: Calibration | null;
  golden: Golden | null;
  dispose(): void;
  eval(): this;
}

/** Puts weights and manifest into a new model, ready to judge. Frees it and throws ShapeError where the weights do not fit. */
export function fillModel<M extends Fillable>(
  model: M,
  { file, manifest }: { file: Pick<LoadedFile, 'tensors'>; manifest: Manifest },
): M {
  try {
    loadModelTensors(model, file);
  } catch (error) {
    model.dispose();
    throw error;
  }
  if (model.latentScale !== undefined) {
    model.latentScale = manifest.latentScale;
    model.usualDifference = manifest.usualDifference ?? null;
  }
  model.usualLevel = manifest.usualLevel ?? null;
  model.region = manifest.region ? unpackMask(manifest.region) : null;
  model.calibration = manifest.calibration;
  model.golden = manifest.golden ?? null;
  return model.eval();
}

export const manifestMetadata = (manifest: Omit<Manifest, 'version'>): Record<string, string> => ({
  format: 'pt',
  manifest: JSON.stringify({ version: VERSION, ...manifest }),
});

/** Reads a model file: a run folder or a path (Node only), bytes, or anything that reads in parts. */
export async function openModel(run: string | Uint8Array | Source): Promise<{ file: LoadedFile; manifest: Manifest }> {
  const path = typeof run === 'string' ? modelFileOf(run) : run;
  const source = typeof path === 'string' ? path : 'the model file';
  const file = await loadSafetensors(path).catch((cause: Error & { code?: string }): never => {
    if (cause.code === 'ENOENT')
      throw new RangeError(`${source}: does not exist; a run has its model once it is trained to the end`, { cause });
    if (cause.code === 'ENOTDIR')
      throw new RangeError(`${run}: is a file, neither a run folder nor a model file, which ends in ${MODEL_ENDING}`, {
        cause,
      });
    throw cause;
  });
  if (file.metadata.manifest === undefined)
    throw new RangeError(`${source}: holds weights but no manifest; it is not a model of ours, use diffad import`);
  const manifest = JSON.parse(file.metadata.manifest) as Manifest;
  if (manifest.version !== VERSION)
    throw new RangeError(
      `${source}: written in version ${manifest.version} of the format, this program reads ${VERSION}`,
    );
  return { file, manifest: { ...manifest, config: parseConfig(manifest.config, source) } };
}
