import type { Image } from './image.ts';

/** Logits [H, W, 1] as probabilities: their sigmoid. */
export const probabilityOf = (logit: Image): Image => ({
  ...logit,
  data: logit.data.map((value) => 1 / (1 + Math.exp(-value))),
});
