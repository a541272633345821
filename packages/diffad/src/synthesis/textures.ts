import type { Rng } from '@diffad/tensor-core';
import { createImage, type Image } from '../image/image.ts';
import { rotate } from '../image/rotate.ts';
import { perlin } from './perlin.ts';

/** A grey pattern [size, size, 1], roughly in [0, 1]. */
type Pattern = (size: number, rng: Rng) => Image;

function painted(size: number, value: (x: number, y: number) => number): Image {
  const image = createImage(size, size, 1);
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) image.data[y * size + x] = value(x / size, y / size);
  return image;
}

const grain: Pattern = (size, rng) => {
  const values = rng.uniforms(size * size);
  return painted(size, (x, y) => values[Math.round((y * size + x) * size)] as number);
};

const clouds: Pattern = (size, rng) => {
  const octaves = [2, 4, 8, 16].map((cells) => perlin(size, size, cells, cells, rng).data);
  const image = createImage(size, size, 1);
  for (let i = 0; i < image.data.length; i++)
    image.data[i] = octaves.reduce((sum, octave, k) => sum + (octave[i] as number) / 2 ** (k + 1), 0.5);
  return image;
};

const stripes: Pattern = (size, rng) => {
  const frequency = 2 * Math.PI * rng.uniform(3, 20);
  const angle = rng.uniform(0, Math.PI);
  const sharpness = rng.uniform(1, 8);
  const wave = (x: number, y: number): number => Math.sin(frequency * (x * Math.cos(angle) + y * Math.sin(angle)));
  return painted(size, (x, y) => 0.5 + 0.5 * Math.tanh(sharpness * wave(x, y)));
};

const checker: Pattern = (size, rng) => {
  const cells = rng.int(3, 14);
  const even = (x: number, y: number): number => (Math.floor(x * cells) + Math.floor(y * cells)) % 2;
  return rotate(painted(size, even), rng.uniform(-45, 45), 'reflect');
};

const blobs: Pattern = (size, rng) => {
  const cells = rng.int(4, 12);
  const noise = perlin(size, size, cells, cells, rng);
  return { ...noise, data: noise.data.map((value) => (value > 0.15 ? 1 : value < -0.15 ? 0 : 0.5)) };
};

const scratches: Pattern = (size, rng) => {
  const lines = Array.from({ length: rng.int(3, 20) }, () => {
    const angle = rng.uniform(0, Math.PI);
    return {
      cos: Math.cos(angle),
      sin: Math.sin(angle),
      offset: rng.uniform(-0.7, 1.2),
      width: rng.uniform(0.004, 0.02),
    };
  });
  return painted(size, (x, y) =>
    lines.reduce((most, { cos, sin, offset, width }) => {
      const away = Math.abs(x * sin - y * cos - offset * (sin - cos));
      return Math.max(most, 1 - away / width);
    }, 0),
  );
};

const patterns: readonly Pattern[] = [grain, clouds, stripes, checker, blobs, scratches];

/** A made-up texture [size, size, 3] in [0, 1]: a random pattern between two random colours. For users without a texture folder. */
export function proceduralTexture(size: number, rng: Rng): Image {
  const pattern = rng.choice(patterns)(size, rng);
  const colours = Array.from({ length: 3 }, () => [rng.uniform(), rng.uniform()] as const);
  const image = createImage(size, size, 3);
  for (let i = 0; i < image.data.length; i++) {
    const [from, to] = colours[i % 3] as readonly [number, number];
    const share = Math.min(1, Math.max(0, pattern.data[Math.floor(i / 3)] as number));
    image.data[i] = from + (to - from) * share;
  }
  return image;
}
