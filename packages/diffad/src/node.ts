export { checkData } from './data/node/check-data.ts';
export { listPictures } from './data/node/list-pictures.ts';
export { type LoadedSample, loadSamples } from './data/node/load-samples.ts';
export { openDataset } from './data/node/open-dataset.ts';
export { decodeImage } from './image/node/decode.ts';
export type { Decoded } from './image/node/decoded.ts';
export { ImageFileError } from './image/node/image-file-error.ts';
export { readImage, readMask, readPicture } from './image/node/read-image.ts';
export { encodePng, type Writable, writePng } from './image/node/write-png.ts';
