import { grown } from '../../../stores/bytes/grown.ts';

const FIRST_ROOM = 1024;

/**
 * Steps that may yet be taken, each after a path, by the cost of the whole reading that they lead to: a heap with the
 * cheapest on top, in columns that are used again.
 */
export class OpenSteps {
  /** What `take` took last. */
  cost: number;
  path: number;
  step: number;
  #costs: Float64Array;
  #paths: Int32Array;
  #steps: Int32Array;
  #count: number;

  constructor() {
    this.cost = 0;
    this.path = 0;
    this.step = 0;
    this.#costs = new Float64Array(FIRST_ROOM);
    this.#paths = new Int32Array(FIRST_ROOM);
    this.#steps = new Int32Array(FIRST_ROOM);
    this.#count = 0;
  }

  clear(): void {
    this.#count = 0;
  }

  add(cost: number, path: number, step: number): void {
    if (this.#count === this.#costs.length) this.#grow();
    let at = this.#count++;
    const costs = this.#costs;
    while (at > 0) {
      const above = (at - 1) >>> 1;
      if (costs[above]! <= cost) break;
      this.#move(above, at);
      at = above;
    }
    this.#put(at, cost, path, step);
  }

  /** Takes the cheapest out, into `cost`, `path` and `step`; false when there is none. */
  take(): boolean {
    if (this.#count === 0) return false;
    const costs = this.#costs;
    this.cost = costs[0]!;
    this.path = this.#paths[0]!;
    this.step = this.#steps[0]!;
    const count = --this.#count;
    const cost = costs[count]!;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= count) break;
      if (below + 1 < count && costs[below + 1]! < costs[below]!) below++;
      if (costs[below]! >= cost) break;
      this.#move(below, at);
      at = below;
    }
    this.#put(at, cost, this.#paths[count]!, this.#steps[count]!);
    return true;
  }

  #put(at: number, cost: number, path: number, step: number): void {
    this.#costs[at] = cost;
    this.#paths[at] = path;
    this.#steps[at] = step;
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#costs[from]!, this.#paths[from]!, this.#steps[from]!);
  }

  #grow(): void {
    const room = 2 * this.#costs.length;
    this.#costs = grown(this.#costs, new Float64Array(room));
    this.#paths = grown(this.#paths, new Int32Array(room));
    this.#steps = grown(this.#steps, new Int32Array(room));
  }
}
