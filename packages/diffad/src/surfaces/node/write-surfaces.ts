import { join } from 'node:path';
import { mapFiles } from '../../data/node/map-files.ts';
import { writePng } from '../../image/node/write-png.ts';
import { type DefectName, defects } from '../defects.ts';
import { surfacePicture } from '../surface-picture.ts';
import type { SurfaceName } from '../surfaces.ts';

export interface WriteSurfacesOptions {
  readonly surface: SurfaceName;
  readonly seed?: number;
  /** Side in pixels; default 128. */
  readonly size?: number;
  /** Normal pictures to learn from; default 48. */
  readonly train?: number;
  /** Normal pictures to test on; default 16. */
  readonly good?: number;
  /** Test pictures of each defect; default 8. */
  readonly perDefect?: number;
}

interface Plan {
  readonly folder: string;
  readonly defect: DefectName | null;
  readonly count: number;
}

/** Indices of one folder's pictures follow each other; folders lie this far apart, so that counts do not change pictures. */
const APART = 1_000_000;

/** Writes generated pictures of one surface as an MVTec-AD folder: train/good, test/<kind>, ground_truth/<kind>/<name>_mask. Returns how many. */
export async function writeSurfaces(root: string, options: WriteSurfacesOptions): Promise<number> {
  const { surface, seed = 1, size = 128, train = 48, good = 16, perDefect = 8 } = options;
  const plans: Plan[] = [
    { folder: join('train', 'good'), defect: null, count: train },
    { folder: join('test', 'good'), defect: null, count: good },
    ...(Object.keys(defects) as DefectName[]).map((defect) => ({
      folder: join('test', defect),
      defect,
      count: perDefect,
    })),
  ];
  const pictures = plans.flatMap(({ folder, defect, count }, k) =>
    Array.from({ length: count }, (_, i) => ({ folder, defect, i, index: k * APART + i })),
  );
  await mapFiles(pictures, async ({ folder, defect, i, index }) => {
    const { image, mask } = surfacePicture(seed, index, { surface, size, defect });
    const name = String(i).padStart(3, '0');
    await writePng(join(root, folder, `${name}.png`), image);
    if (defect) await writePng(join(root, 'ground_truth', defect, `${name}_mask.png`), mask);
  });
  return pictures.length;
}
