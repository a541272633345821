import { smoothNoise } from '../field.ts';
import { type Defect, spoil } from './spoil.ts';

/** A piece broken off an edge or corner: the dark ground, and a rough pale break along the material. */
export const missingPiece: Defect = (image, rng) => {
  const size = image.width;
  const angle = rng.uniform(0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const depth = rng.uniform(0.12, 0.24) * size;
  const reach = (size / 2) * (Math.abs(cos) + Math.abs(sin)) - depth;
  const bow = rng.uniform(0.2, 0.8) / size;
  const edge = smoothNoise(size, 8, 8, rng);
  const rough = smoothNoise(size, 32, 32, rng);
  const rim = 0.022 * size;
  return spoil(image, (x, y) => {
    const [dx, dy] = [x - size / 2, y - size / 2];
    const across = dy * cos - dx * sin;
    const broken =
      dx * cos + dy * sin - reach - bow * across * across + size * (0.06 * edge(x, y) + 0.01 * rough(x, y));
    if (broken < -1) return null;
    const light = 1 + 0.5 * rough(x, y);
    return {
      cover: broken + 0.5,
      colour: (old) => (broken < rim ? 0.25 * old + 0.55 * light : 0.05 + 0.02 * light),
    };
  });
};
