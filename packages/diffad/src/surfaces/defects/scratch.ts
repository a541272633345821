import { smoothNoise } from '../field.ts';
import { type Defect, spoil } from './spoil.ts';

/** A bent score that tapers at both ends: a bright or dark groove with a burr along one side. */
export const scratch: Defect = (image, rng) => {
  const size = image.width;
  const angle = rng.uniform(0, Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [x0, y0] = [rng.uniform(0.3, 0.7) * size, rng.uniform(0.3, 0.7) * size];
  const half = rng.uniform(0.18, 0.36) * size;
  const width = rng.uniform(0.011, 0.02) * size;
  const bend = rng.uniform(-0.2, 0.2) / half;
  const bright = rng.uniform() < 0.5;
  const wobble = smoothNoise(size, 12, 12, rng);
  return spoil(image, (x, y) => {
    const along = ((x - x0) * cos + (y - y0) * sin) / half;
    if (Math.abs(along) >= 1) return null;
    const away = (y - y0) * cos - (x - x0) * sin - bend * (along * half) ** 2 + 0.012 * size * wobble(x, y);
    const reach = width * Math.sqrt(1 - along * along);
    const burr = away > 0.35 * width;
    return {
      cover: reach + 0.5 - Math.abs(away),
      colour: (old) => (bright === burr ? 0.12 + 0.2 * old : 0.85 + 0.15 * old),
    };
  });
};
