/** Hue in [0, 1) of an RGB pixel whose largest component is `max` and whose spread is `chroma`; 0 for greys. */
export function hueOf(r: number, g: number, b: number, max: number, chroma: number): number {
  if (chroma === 0) return 0;
  if (max === r) return ((g - b) / chroma / 6 + 1) % 1;
  if (max === g) return ((b - r) / chroma + 2) / 6;
  return ((r - g) / chroma + 4) / 6;
}

/** Share of the chroma that component `offset` (5 red, 3 green, 1 blue) lies below the maximum, for a hue in [0, 1). */
export function hueWeight(hue: number, offset: number): number {
  const k = (offset + hue * 6) % 6;
  return Math.max(0, Math.min(k, 4 - k, 1));
}
