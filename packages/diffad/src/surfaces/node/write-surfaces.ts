import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetError } from '../../data/dataset.ts';
import { listPictures, slashed } from '../../data/node/list-pictures.ts';
import { mapFiles } from '../../data/node/map-files.ts';
import { writePng } from '../../image/node/write-png.ts';
import { type DefectName, defects } from '../defects.ts';
import { surfacePicture } from '../surface-picture.ts';
import { type SurfaceName, surfaces } from '../surfaces.ts';

export interface WriteSurfacesOptions {
  /** Default all. */
  readonly surfaces?: readonly SurfaceName[];
  readonly seed?: number;
  /** Side in pixels; default 128. */
  readonly size?: number;
  /** Of each surface: normal pictures to learn from; default 40. */
  readonly train?: number;
  /** Of each surface: normal pictures to test on; default 8. */
  readonly good?: number;
  /** Of each surface: test pictures of each defect; default 4. */
  readonly perDefect?: number;
}

interface Plan {
  readonly folder: string;
  readonly defect: DefectName | null;
  readonly count: number;
}

/** Indices of one folder's pictures follow each other; folders lie this far apart, so that counts do not change pictures. */
const APART = 1_000_000;

/**
 * Writes generated pictures as one MVTec-AD folder: train/good, test/<kind>/<surface>-<number>.png and
 * ground_truth/<kind>/<surface>-<number>_mask.png. Returns how many. Throws DatasetError where other pictures lie in it.
 */
export async function writeSurfaces(root: string, options: WriteSurfacesOptions): Promise<number> {
  const { seed = 1, size = 128, train = 40, good = 8, perDefect = 4 } = options;
  const plans: Plan[] = [
    { folder: join('train', 'good'), defect: null, count: train },
    { folder: join('test', 'good'), defect: null, count: good },
    ...(Object.keys(defects) as DefectName[]).map((defect) => ({
      folder: join('test', defect),
      defect,
      count: perDefect,
    })),
  ];
  const names = options.surfaces ?? (Object.keys(surfaces) as SurfaceName[]);
  const pictures = plans.flatMap(({ folder, defect, count }, k) =>
    names.flatMap((surface) =>
      Array.from({ length: count }, (_, i) => {
        const name = `${surface}-${String(i).padStart(3, '0')}`;
        const files = {
          picture: join(folder, `${name}.png`),
          ...(defect && { mask: join('ground_truth', defect, `${name}_mask.png`) }),
        };
        return { surface, defect, index: k * APART + i, files };
      }),
    ),
  );
  await mustHoldNoOthers(
    root,
    pictures.flatMap(({ files }) => Object.values(files)),
  );
  await mapFiles(pictures, async ({ surface, defect, index, files }) => {
    const { image, mask } = surfacePicture(seed, index, { surface, size, defect });
    await writePng(join(root, files.picture), image);
    if (files.mask !== undefined) await writePng(join(root, files.mask), mask);
  });
  return pictures.length;
}

/** Pictures of the user's, or of more surfaces than now, would become part of the data set. */
async function mustHoldNoOthers(root: string, files: readonly string[]): Promise<void> {
  const own = new Set(files.map((file) => slashed(root, join(root, file))));
  const present = existsSync(root) ? await listPictures(root) : [];
  const others = present.filter((path) => !own.has(path));
  if (others.length > 0)
    throw new DatasetError(
      `${root}: holds ${others.length} other picture${others.length > 1 ? 's' : ''}, first ${others[0]}; the data set would mix with them; choose another folder`,
    );
}
