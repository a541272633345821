export { decodeImage } from './image/node/decode.ts';
export type { Decoded } from './image/node/decoded.ts';
export { ImageFileError } from './image/node/image-file-error.ts';
export { readImage, readMask, readPicture } from './image/node/read-image.ts';
export { encodePng, type Writable, writePng } from './image/node/write-png.ts';
