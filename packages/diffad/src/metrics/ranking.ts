const IDS = 2 ** 20;

/** The float32 bits of a score as an integer of the same order. */
function keys(scores: ArrayLike<number>): Uint32Array {
  const floats = Float32Array.from(scores);
  const bits = new Uint32Array(floats.buffer);
  for (let i = 0; i < bits.length; i++) {
    if (Number.isNaN(floats[i])) throw new RangeError(`score ${i} is NaN`);
    const value = bits[i] === 0x80000000 ? 0 : (bits[i] as number); // −0 ties with 0
    bits[i] = value & 0x80000000 ? ~value : value | 0x80000000;
  }
  return bits;
}

function scoreOf(key: number): number {
  const bits = Uint32Array.of(key & 0x80000000 ? key & 0x7fffffff : ~key);
  return new Float32Array(bits.buffer)[0] as number;
}

/**
 * Walks scored elements from the highest score to the lowest: `element` for each with its id, `tie` after all of one score.
 * Scores are compared as float32; ids are integers below 2^20. Ten million take a few seconds. NaN is refused.
 */
export function walkDown(
  metric: string,
  scores: ArrayLike<number>,
  ids: ArrayLike<number>,
  element: (id: number) => void,
  tie: (score: number) => void,
): void {
  if (scores.length !== ids.length) throw new RangeError(`${metric}: ${scores.length} scores but ${ids.length} labels`);
  const order = keys(scores);
  // Key and id fit the 53 exact bits of a double, and typed arrays sort numbers natively.
  const packed = Float64Array.from(order, (key, i) => key * IDS + (ids[i] as number)).sort();
  for (let i = packed.length - 1; i >= 0; i--) {
    const key = Math.floor((packed[i] as number) / IDS);
    element((packed[i] as number) - key * IDS);
    if (i === 0 || Math.floor((packed[i - 1] as number) / IDS) !== key) tie(scoreOf(key));
  }
}

/** What is counted at and above one threshold. */
export interface Counts {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** The counts at every distinct score, from the highest; the last holds all. `labels` are 0 or 1. */
export function countsByThreshold(
  metric: string,
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  visit: (counts: Counts) => void,
): void {
  let [truePositives, falsePositives] = [0, 0];
  walkDown(
    metric,
    scores,
    labels,
    (label) => {
      if (label === 1) truePositives++;
      else falsePositives++;
    },
    (threshold) => visit({ threshold, truePositives, falsePositives }),
  );
}

/** How many labels are 1 and 0. Throws where one of them does not occur. */
export function countLabels(metric: string, labels: ArrayLike<number>): { positives: number; negatives: number } {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === 1) positives++;
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0)
    throw new RangeError(`${metric}: needs both labels, got ${positives} of 1 and ${negatives} of 0`);
  return { positives, negatives };
}
