import type { ByteImage } from './image.ts';

export type Rgb = readonly [red: number, green: number, blue: number];

export const GLYPH_WIDTH = 6;
export const GLYPH_HEIGHT = 7;

/** A 5 x 7 bitmap face: seven rows a glyph, each a base-32 digit whose highest bit is the leftmost pixel. Letters are capitals only. */
const FACE: Readonly<Record<string, string>> = {
  ' ': '0000000',
  '0': 'ehjlphe',
  '1': '4c4444e',
  '2': 'eh1248v',
  '3': 'v2421he',
  '4': '26aiv22',
  '5': 'vgu11he',
  '6': '68guhhe',
  '7': 'v124888',
  '8': 'ehhehhe',
  '9': 'ehhf12c',
  A: 'ehhvhhh',
  B: 'uhhuhhu',
  C: 'ehggghe',
  D: 'sihhhis',
  E: 'vggoggv',
  F: 'vggoggg',
  G: 'ehgnhhf',
  H: 'hhhvhhh',
  I: 'e44444e',
  J: '72222ic',
  K: 'hikokih',
  L: 'ggggggv',
  M: 'hrllhhh',
  N: 'hhpljhh',
  O: 'ehhhhhe',
  P: 'uhhuggg',
  Q: 'ehhhlid',
  R: 'uhhukih',
  S: 'fgge11u',
  T: 'v444444',
  U: 'hhhhhhe',
  V: 'hhhhha4',
  W: 'hhhllla',
  X: 'hha4ahh',
  Y: 'hhha444',
  Z: 'v1248gv',
  '.': '00000cc',
  ',': '0000c48',
  ':': '0cc0cc0',
  '-': '000v000',
  '+': '044v440',
  '/': '01248g0',
  '%': 'op248j3',
  '=': '00v0v00',
  '<': '248g842',
  '>': '8421248',
  '(': '2488842',
  ')': '8422248',
  _: '000000v',
  '|': '4444444',
  '?': 'eh12404',
};

/** Draws one line of text with its top left corner at (x, y), clipped at the edges; characters without a glyph become `?`. */
export function drawText(target: ByteImage, x: number, y: number, text: string, color: Rgb): void {
  [...text.toUpperCase()].forEach((character, index) => {
    const rows = FACE[character] ?? (FACE['?'] as string);
    for (let row = 0; row < GLYPH_HEIGHT; row++) {
      const bits = Number.parseInt(rows[row] as string, 32);
      for (let column = 0; column < GLYPH_WIDTH - 1; column++) {
        if ((bits >> (4 - column)) & 1) setPixel(target, x + index * GLYPH_WIDTH + column, y + row, color);
      }
    }
  });
}

function setPixel({ width, height, channels, data }: ByteImage, x: number, y: number, color: Rgb): void {
  if (x >= 0 && y >= 0 && x < width && y < height) data.set(color.slice(0, channels), (y * width + x) * channels);
}

/** Width of a text in pixels. */
export function textWidth(text: string): number {
  return Math.max(0, [...text].length * GLYPH_WIDTH - 1);
}
