/** Ten stops of the viridis map, dark violet to yellow: even in lightness, readable in grey and by colour-blind people. */
const STOPS = [
  0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725,
] as const;

/** 256 colours, RGB bytes. */
export const viridis: Uint8Array = buildTable();

function buildTable(): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const position = (i / 255) * (STOPS.length - 1);
    const stop = Math.min(STOPS.length - 2, Math.floor(position));
    for (let c = 0; c < 3; c++) {
      const shift = 16 - 8 * c;
      const from = ((STOPS[stop] as number) >> shift) & 255;
      const to = ((STOPS[stop + 1] as number) >> shift) & 255;
      table[i * 3 + c] = Math.round(from + (to - from) * (position - stop));
    }
  }
  return table;
}
