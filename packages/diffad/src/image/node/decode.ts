import sharp, { type Metadata } from 'sharp';
import { createImage, type Image } from '../image.ts';
import { decodeBmp, isBmp } from './decode-bmp.ts';
import type { Decoded } from './decoded.ts';
import { ImageFileError } from './image-file-error.ts';

const FORMATS: readonly string[] = ['png', 'jpeg', 'tiff', 'webp'];
const MAX_PIXELS = 2 ** 28;

/**
 * Decodes PNG, JPEG, BMP, TIFF (its first page) and WebP. 8 and 16 bits are kept, EXIF orientation is applied, colour profiles are
 * ignored, and transparency is laid over black, so that values are those the camera wrote. `name` stands in error messages.
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<Decoded> {
  if (bytes.length === 0) throw new ImageFileError(name, 'is empty');
  try {
    return isBmp(bytes) ? decodeBmp(bytes, name) : await decodeWithSharp(bytes, name);
  } catch (cause) {
    if (cause instanceof ImageFileError) throw cause;
    const detail = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
    throw new ImageFileError(name, `cannot be decoded, the file is damaged (${detail})`, { cause });
  }
}

async function decodeWithSharp(bytes: Uint8Array, name: string): Promise<Decoded> {
  const source = sharp(bytes, { ignoreIcc: true, failOn: 'error', limitInputPixels: MAX_PIXELS });
  const metadata = await source.metadata().catch((cause) => {
    throw new ImageFileError(name, 'is not a whole PNG, JPEG, BMP, TIFF or WebP picture', { cause });
  });
  const bitDepth = depthOf(metadata, name);
  const { data, info } = await source
    .autoOrient()
    .toColourspace(colourSpace(metadata, bitDepth))
    .raw({ depth: bitDepth === 16 ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const values = bitDepth === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  const image = overBlack(values, info, isGrey(metadata) ? 1 : 3, 2 ** bitDepth - 1);
  return { image, bitDepth, format: metadata.format as Decoded['format'] };
}

function depthOf({ format, depth, space }: Metadata, name: string): 8 | 16 {
  if (!FORMATS.includes(format)) throw new ImageFileError(name, `${format} is not supported; save it as PNG`);
  if (depth !== 'uchar' && depth !== 'ushort')
    throw new ImageFileError(name, `values of type ${depth} are not supported; save it with 8 or 16 bits`);
  return depth === 'ushort' || space.endsWith('16') ? 16 : 8;
}

const isGrey = ({ space }: Metadata): boolean => space === 'b-w' || space === 'grey16';

/** Grey without alpha has a space of its own in 8 and 16 bits; libvips would give it as 8-bit colour otherwise. */
function colourSpace(metadata: Metadata, bitDepth: 8 | 16): string {
  if (isGrey(metadata) && !metadata.hasAlpha) return bitDepth === 16 ? 'grey16' : 'b-w';
  return bitDepth === 16 ? 'rgb16' : 'srgb';
}

interface RawInfo {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Scales to [0, 1] and multiplies by alpha where there is one. */
function overBlack(values: ArrayLike<number>, raw: RawInfo, channels: 1 | 3, max: number): Image {
  const image = createImage(raw.width, raw.height, channels);
  const hasAlpha = raw.channels % 2 === 0;
  for (let pixel = 0; pixel < raw.width * raw.height; pixel++) {
    const from = pixel * raw.channels;
    const scale = hasAlpha ? (values[from + raw.channels - 1] as number) / max / max : 1 / max;
    for (let c = 0; c < channels; c++) image.data[pixel * channels + c] = (values[from + c] as number) * scale;
  }
  return image;
}
