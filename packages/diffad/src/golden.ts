import { type Image, toBytes, toFloats } from './image/image.ts';
import { judge } from './inspect/judge.ts';
import type { Model } from './model.ts';

/** A picture with a simulated defect and the score it got where the model was trained, by which every runtime can check itself. */
export interface Golden {
  readonly width: number;
  readonly height: number;
  /** RGB, 8 bits each, row by row, in base64. */
  readonly rgb: string;
  readonly score: number;
}

/** Adapters round differently; weights of 16 bits more so. */
const TOLERANCE = 0.01;

/** Scores a picture [H, W, 3], RGB in [0, 1], for the model to be checked by later. */
export async function makeGolden(model: Model, picture: Image): Promise<Golden> {
  const { width, height, data } = toBytes(picture);
  const rgb = btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''));
  const golden = { width, height, rgb, score: 0 };
  return { ...golden, score: (await judge(model, pictureOf(golden))).score };
}

function pictureOf({ width, height, rgb }: Golden): Image {
  return toFloats({ width, height, channels: 3, data: Uint8Array.from(atob(rgb), (byte) => byte.charCodeAt(0)) });
}

export interface SelfCheck {
  readonly expected: number;
  readonly found: number;
  /** Whether they are at most 0.01 apart. */
  readonly agrees: boolean;
}

/** Judges the model's golden picture here. Null where the model has none. */
export async function checkGolden(model: Model): Promise<SelfCheck | null> {
  if (model.golden === null) return null;
  const { score: expected } = model.golden;
  const { score: found } = await judge(model, pictureOf(model.golden));
  return { expected, found, agrees: Math.abs(found - expected) <= TOLERANCE };
}
