import { fromBase64, toBase64 } from './image/base64.ts';
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
  const golden = { width, height, rgb: toBase64(data), score: 0 };
  return { ...golden, score: await scoreOf(model, golden) };
}

/** It is judged all over: it was prepared for the networks, and may be a window of a picture. */
async function scoreOf(model: Model, { width, height, rgb }: Golden): Promise<number> {
  const picture = toFloats({ width, height, channels: 3, data: fromBase64(rgb) });
  return (await judge(model, picture, { region: null })).score;
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
  const found = await scoreOf(model, model.golden);
  return { expected, found, agrees: Math.abs(found - expected) <= TOLERANCE };
}
