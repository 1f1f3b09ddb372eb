/**
 * The chain of gaps between the words of a row: each is a join or a break. A segmentation is as likely as e to the sum of what speaks for
 * its joins, of how its gaps follow one another and of its runs of words that are titles; all are summed over in time
 * linear to the words.
 *
 * Hot path: it runs for each query. Sums are of likelihoods, brought to 1 at each gap, so that one exponential a gap is all.
 */
import type { PhraseWeights } from '../../../stores/profile/phrases.ts';
import { MOST_TITLE_TERMS } from '../../../stores/titles/format.ts';

/** Words of the longest row that is looked at. */
export const MOST_PHRASE_WORDS = 64;
/** States at a word: how many words its run has had, up to it; the last one is of all that are too long for a title. */
export const RUN_STATES = MOST_TITLE_TERMS + 1;
const LONG = RUN_STATES - 1;
/** What speaks for a join is held within this in likelihoods: e^50 is as good as sure, and products stay finite. */
const MOST_NATS = 50;

export class PhraseChain {
  /** By gap: what speaks for a join, in nats. */
  readonly joins = new Float64Array(MOST_PHRASE_WORDS);
  /** 1 where a gap has to be a join. */
  readonly held = new Uint8Array(MOST_PHRASE_WORDS);
  /** By word and state: 1 where the run that ends there is a title. */
  readonly titles = new Uint8Array(MOST_PHRASE_WORDS * RUN_STATES);
  /** 1 for each gap that the likeliest segmentation joins. */
  readonly labels = new Uint8Array(MOST_PHRASE_WORDS);
  /** What it adds to leave a state by a break, to go on from it, and that the run was a title: nats, and e to them. */
  readonly #breaks = new Float64Array(RUN_STATES);
  readonly #goesOn = new Float64Array(RUN_STATES);
  readonly #titled = new Float64Array(RUN_STATES);
  readonly #expBreaks: Float64Array;
  readonly #expGoesOn: Float64Array;
  readonly #expTitled: Float64Array;
  /** By word and state: of the best way to it, the state before; of all ways to it, and on from it, the likelihood. */
  readonly #from = new Uint8Array(MOST_PHRASE_WORDS * RUN_STATES);
  readonly #forward = new Float64Array(MOST_PHRASE_WORDS * RUN_STATES);
  readonly #backward = new Float64Array(MOST_PHRASE_WORDS * RUN_STATES);
  /** By gap: what the likelihoods behind it were divided by. */
  readonly #scales = new Float64Array(MOST_PHRASE_WORDS);
  #total = 0;

  constructor({ transitions, titles }: PhraseWeights) {
    for (let state = 0; state < RUN_STATES; state++) {
      this.#breaks[state] = transitions[state === 0 ? 0 : 2]!;
      this.#goesOn[state] = transitions[state === 0 ? 1 : 3]! + (state > 1 ? transitions[4]! : 0);
      this.#titled[state] = titles[state - 1] ?? 0;
    }
    this.#expBreaks = this.#breaks.map(Math.exp);
    this.#expGoesOn = this.#goesOn.map(Math.exp);
    this.#expTitled = this.#titled.map(Math.exp);
  }

  /** Fills `labels`. @returns whether any gap is a join */
  findLikeliest(gaps: number): boolean {
    const best = this.#forward;
    const from = this.#from;
    best.fill(Number.NEGATIVE_INFINITY, 0, (gaps + 1) * RUN_STATES);
    best[0] = 0;
    for (let i = 0; i < gaps; i++) {
      const here = i * RUN_STATES;
      const next = here + RUN_STATES;
      for (let state = 0; state < RUN_STATES; state++) {
        const score = best[here + state]!;
        if (score === Number.NEGATIVE_INFINITY) continue;
        if (this.held[i] === 0) {
          const broken = score + this.#ended(i, state) + (i > 0 ? this.#breaks[state]! : 0);
          if (broken > best[next]!) {
            best[next] = broken;
            from[next] = state;
          }
        }
        const joined = score + this.joins[i]! + (i > 0 ? this.#goesOn[state]! : 0);
        const to = next + longer(state);
        if (joined > best[to]!) {
          best[to] = joined;
          from[to] = state;
        }
      }
    }
    const last = gaps * RUN_STATES;
    let state = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < RUN_STATES; s++) {
      const score = best[last + s]! + this.#ended(gaps, s);
      if (score <= most) continue;
      most = score;
      state = s;
    }
    let isAny = false;
    for (let i = gaps; i > 0; i--) {
      this.labels[i - 1] = state === 0 ? 0 : 1;
      isAny ||= state !== 0;
      state = from[i * RUN_STATES + state]!;
    }
    return isAny;
  }

  /** Sums over all segmentations, from both ends: before `probability`. */
  sum(gaps: number): void {
    const forward = this.#forward;
    const backward = this.#backward;
    const scales = this.#scales;
    forward.fill(0, 0, (gaps + 1) * RUN_STATES);
    forward[0] = 1;
    for (let i = 0; i < gaps; i++) {
      const here = i * RUN_STATES;
      const next = here + RUN_STATES;
      const join = likelihood(this.joins[i]!);
      let scale = 0;
      for (let state = 0; state < RUN_STATES; state++) {
        const ways = forward[here + state]!;
        if (ways === 0) continue;
        const broken = ways * this.#breakOf(i, state);
        const joined = ways * this.#joinOf(i, state, join);
        forward[next] = forward[next]! + broken;
        forward[next + longer(state)] = forward[next + longer(state)]! + joined;
        scale += broken + joined;
      }
      scales[i] = scale;
      for (let state = 0; state < RUN_STATES; state++) forward[next + state] = forward[next + state]! / scale;
    }
    const last = gaps * RUN_STATES;
    this.#total = 0;
    for (let state = 0; state < RUN_STATES; state++) {
      backward[last + state] = this.#expEnded(gaps, state);
      this.#total += forward[last + state]! * backward[last + state]!;
    }
    for (let i = gaps - 1; i >= 0; i--) {
      const here = i * RUN_STATES;
      const next = here + RUN_STATES;
      const join = likelihood(this.joins[i]!);
      for (let state = 0; state < RUN_STATES; state++) {
        const broken = this.#breakOf(i, state) * backward[next]!;
        const joined = this.#joinOf(i, state, join) * backward[next + longer(state)]!;
        backward[here + state] = (broken + joined) / scales[i]!;
      }
    }
  }

  /** P(words [from, to) are one group). */
  probability(from: number, to: number, gaps: number): number {
    // Into state 0 before the first word: at the beginning, or by a break.
    let part = this.#forward[from * RUN_STATES]! / this.#total;
    let state = 0;
    for (let i = from; i < to - 1; i++) {
      part *= this.#joinOf(i, state, likelihood(this.joins[i]!)) / this.#scales[i]!;
      state = longer(state);
    }
    if (to > gaps) part *= this.#expEnded(gaps, state);
    else part *= (this.#breakOf(to - 1, state) / this.#scales[to - 1]!) * this.#backward[to * RUN_STATES]!;
    return Math.min(1, part);
  }

  #ended(word: number, state: number): number {
    return this.titles[word * RUN_STATES + state] === 1 ? this.#titled[state]! : 0;
  }

  #expEnded(word: number, state: number): number {
    return this.titles[word * RUN_STATES + state] === 1 ? this.#expTitled[state]! : 1;
  }

  #breakOf(gap: number, state: number): number {
    if (this.held[gap] === 1) return 0;
    return gap > 0 ? this.#expEnded(gap, state) * this.#expBreaks[state]! : this.#expEnded(gap, state);
  }

  #joinOf(gap: number, state: number, join: number): number {
    return gap > 0 ? join * this.#expGoesOn[state]! : join;
  }
}

function longer(state: number): number {
  return state === LONG ? LONG : state + 1;
}

function likelihood(nats: number): number {
  return Math.exp(Math.max(-MOST_NATS, Math.min(MOST_NATS, nats)));
}
