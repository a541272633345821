import { smoothNoise } from '../field.ts';
import type { Colour } from '../shade.ts';
import { type Defect, spoil } from './spoil.ts';

/** Rust, ink, oil, grease, lime: colour, and how much it hides. */
const STAINS: readonly { readonly colour: Colour; readonly hides: number }[] = [
  { colour: [0.45, 0.2, 0.07], hides: 0.75 },
  { colour: [0.07, 0.09, 0.3], hides: 0.85 },
  { colour: [0.13, 0.11, 0.09], hides: 0.65 },
  { colour: [0.75, 0.62, 0.12], hides: 0.6 },
  { colour: [0.93, 0.93, 0.9], hides: 0.75 },
];

/** A stain with an uneven edge, denser where it dried last, along its rim; the surface shows through. */
export const spot: Defect = (image, rng) => {
  const size = image.width;
  const [x0, y0] = [rng.uniform(0.15, 0.85) * size, rng.uniform(0.15, 0.85) * size];
  const radius = rng.uniform(0.055, 0.12) * size;
  const squeeze = rng.uniform(0.7, 1);
  const { colour, hides } = rng.choice(STAINS);
  const edge = smoothNoise(size, 8, 8, rng);
  const fine = smoothNoise(size, 32, 32, rng);
  return spoil(image, (x, y) => {
    const rim = radius * (1 + 0.6 * edge(x, y) + 0.15 * fine(x, y));
    const inside = rim - Math.hypot(x - x0, (y - y0) / squeeze);
    if (inside < -1) return null;
    const dried = 1 - Math.min(1, inside / (0.3 * radius));
    const density = Math.min(0.95, hides * (0.85 + 0.25 * dried + 0.2 * fine(x, y)));
    return { cover: inside + 0.5, colour: (old, c) => old + density * ((colour[c] as number) - old) };
  });
};
