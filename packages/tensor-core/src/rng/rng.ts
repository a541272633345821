import { normalFromBits } from './normal.ts';
import { philox4x32 } from './philox.ts';

/** Everything that decides the next draw; plain JSON. */
export interface RngState {
  readonly seed: string;
  readonly stream: string;
  readonly position: number;
}

/** Where a draw of n words begins: block `position` of the stream; word i is lane i % 4 of block position + floor(i / 4). */
export interface RngDraw {
  readonly key: readonly [number, number];
  readonly stream: readonly [number, number];
  readonly position: number;
}

type Listener = (rng: Rng, position: number) => void;
let listener: Listener | undefined;

const low = (value: bigint): number => Number(value & 0xffffffffn);
const high = (value: bigint): number => Number((value >> 32n) & 0xffffffffn);

/**
 * Counter-based random numbers (Philox4x32-10): the same bits on CPU and GPU and in every runtime.
 * A draw advances `position` by one block per four words; `fork` gives independent streams, `state` / `from` save and resume.
 */
export class Rng {
  readonly seed: bigint;
  readonly stream: bigint;
  #position = 0;

  constructor(seed: number | bigint, stream: bigint = 0n) {
    if (typeof seed === 'number' && !Number.isSafeInteger(seed))
      throw new RangeError(`Rng: seed must be a safe integer, got ${seed}`);
    this.seed = BigInt.asUintN(64, BigInt(seed));
    this.stream = BigInt.asUintN(64, stream);
  }

  static from(state: RngState): Rng {
    const rng = new Rng(BigInt(state.seed), BigInt(state.stream));
    rng.#position = state.position;
    return rng;
  }

  state(): RngState {
    return { seed: String(this.seed), stream: String(this.stream), position: this.#position };
  }

  /** Moves to block `position` of this stream. */
  seek(position: number): void {
    this.#position = position;
  }

  /** Calls `seen`, and whoever observes around, with the position before each draw made inside `fn`; `checkpoint` replays draws with it. */
  static observe<T>(seen: Listener, fn: () => T): T {
    const outer = listener;
    listener = (rng, position) => {
      outer?.(rng, position);
      seen(rng, position);
    };
    try {
      return fn();
    } finally {
      listener = outer;
    }
  }

  /** An independent generator: the same (seed, stream, key) gives the same one, wherever this one stands. */
  fork(key: number): Rng {
    const words = new Uint32Array(4);
    philox4x32(
      [key >>> 0, Math.floor(key / 2 ** 32) >>> 0, low(this.stream), high(this.stream)],
      [~low(this.seed) >>> 0, high(this.seed)],
      words,
    );
    return new Rng(this.seed, (BigInt(words[0] as number) << 32n) | BigInt(words[1] as number));
  }

  /** Claims the next `words` random words for a kernel that makes them itself. */
  draw(words: number): RngDraw {
    const position = this.#position;
    listener?.(this, position);
    this.#position += Math.ceil(words / 4);
    return {
      key: [low(this.seed), high(this.seed)],
      stream: [low(this.stream), high(this.stream)],
      position,
    };
  }

  /** `n` uniform 32-bit words. */
  words(n: number): Uint32Array {
    const { key, stream, position } = this.draw(n);
    const words = new Uint32Array(Math.ceil(n / 4) * 4);
    for (let block = 0; block * 4 < n; block++) {
      const counter = position + block;
      philox4x32([counter >>> 0, Math.floor(counter / 2 ** 32), stream[0], stream[1]], key, words, block * 4);
    }
    return words.subarray(0, n);
  }

  /** `n` uniforms on [0, 1), multiples of 2^-24. */
  uniforms(n: number): Float32Array {
    return Float32Array.from(this.words(n), (word) => (word >>> 8) * 2 ** -24);
  }

  /** `n` standard normals. */
  normals(n: number): Float32Array {
    return Float32Array.from(this.words(n), normalFromBits);
  }

  #word(): number {
    return this.words(1)[0] as number;
  }

  /** One uniform on [lo, hi). */
  uniform(lo = 0, hi = 1): number {
    return lo + (hi - lo) * (this.#word() / 2 ** 32);
  }

  /** One standard normal. */
  normal(): number {
    return normalFromBits(this.#word());
  }

  /** One integer on [lo, hi), hi excluded. */
  int(lo: number, hi: number): number {
    if (!(hi > lo)) throw new RangeError(`Rng.int: empty range [${lo}, ${hi})`);
    return lo + Math.floor((this.#word() / 2 ** 32) * (hi - lo));
  }

  /** One element, uniformly. */
  choice<T>(items: readonly T[]): T {
    return items[this.int(0, items.length)] as T;
  }

  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.int(0, i + 1);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  }
}
