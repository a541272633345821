import { type BmpColor, decode } from 'bmp-ts';
import { createImage } from '../image.ts';
import type { Decoded } from './decoded.ts';
import { ImageFileError } from './image-file-error.ts';

const isGrey = ({ red, green, blue }: BmpColor): boolean => red === green && green === blue;

export const isBmp = (bytes: Uint8Array): boolean => bytes[0] === 0x42 && bytes[1] === 0x4d;

/** BMP of 1 to 32 bits a pixel; a grey palette gives one channel. Its fourth byte is padding in most files and is ignored. */
export function decodeBmp(bytes: Uint8Array, name: string): Decoded {
  const bmp = decode(Buffer.from(bytes));
  // bmp-ts 1.0 stops after the first row of these.
  if (bmp.bitPP === 4 && bmp.width % 2 === 1)
    throw new ImageFileError(name, 'BMP of 4 bits and odd width is not supported; save it as PNG');
  const channels = bmp.bitPP <= 8 && bmp.palette?.every(isGrey) ? 1 : 3;
  const image = createImage(bmp.width, Math.abs(bmp.height), channels);
  for (let pixel = 0; pixel < image.width * image.height; pixel++)
    for (let c = 0; c < channels; c++) image.data[pixel * channels + c] = (bmp.data[pixel * 4 + 3 - c] as number) / 255;
  return { image, bitDepth: 8, format: 'bmp' };
}
