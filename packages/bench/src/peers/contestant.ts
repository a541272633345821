import { type Taken, taken } from '../time.ts';
import { disagreement } from './agreement.ts';
import type { Meter } from './meter.ts';
import type { Peer } from './peer.ts';
import type { Session, Work } from './work.ts';

const WARM_UPS = 2;

/** A library at one work. */
export class Contestant {
  readonly peer: Peer;
  readonly times: Taken[] = [];
  readonly #meter: Meter;
  readonly #session: Session;
  readonly #results: Float32Array[][] = [];
  readonly #keepsAll: boolean;

  private constructor(peer: Peer, meter: Meter, work: Work) {
    this.peer = peer;
    this.#meter = meter;
    this.#keepsAll = work.kind === 'train';
    this.#session = peer.prepare(work);
  }

  /** Runs the work until it makes no more pipelines. */
  static async enter(peer: Peer, meter: Meter, work: Work): Promise<Contestant> {
    meter.restart();
    const contestant = new Contestant(peer, meter, work);
    let before: number;
    let runs = 0;
    do {
      before = meter.pipelines;
      await contestant.#run();
      runs++;
    } while (runs < WARM_UPS || meter.pipelines > before);
    return contestant;
  }

  get peakBytes(): number {
    return this.#meter.peakBytes;
  }

  async time(): Promise<void> {
    this.times.push(await taken(() => this.#run()));
  }

  /** How far its results are from the reference's; of work that trains, after every step both made. */
  differenceFrom(reference: Contestant): number {
    const steps = Math.min(this.#results.length, reference.#results.length);
    const differences = Array.from({ length: steps }, (_, i) =>
      disagreement(reference.#results[i] ?? [], this.#results[i] ?? []),
    );
    return Math.max(...differences);
  }

  dispose(): void {
    this.#session.dispose();
  }

  async #run(): Promise<void> {
    const results = await this.#session.run();
    if (this.#keepsAll || this.#results.length === 0) this.#results.push(this.#session.ordered(results));
  }
}
