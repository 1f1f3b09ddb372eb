import { writeUtf8 } from '../../../stores/bytes/utf8.ts';
import { START_ID, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { MISS, type Store } from '../../../stores/store.ts';
import type { LanguageModel } from '../language/language-model.ts';
import type { LanguageProfile } from '../language/profile.ts';
import { isProposable } from '../language/vocabulary.ts';
import { type ProposalCosts, proposalCost } from './costs.ts';

/** A way to cut a run of letters into words. */
export interface Segmentation {
  readonly ids: readonly number[];
  readonly words: readonly string[];
  /** Language-model cost of the words in a row, in nats, with what doubtful parts add. */
  readonly cost: number;
}

/** What cutting reads. */
export interface CutSources {
  readonly terms: Store;
  readonly lexicon: Lexicon;
  readonly languageModel: LanguageModel;
  readonly costs: ProposalCosts;
  readonly profile: LanguageProfile;
}

/** Longest part of a cut word, in code units. */
export const LONGEST_PART = 22;
/** Partial segmentations kept at each place. */
const BEAM = 6;
/** UTF-8 of one code unit at most. */
const BYTES_PER_UNIT = 3;
/** In place of an offset: no text begins or ends in the middle of a character. */
const INSIDE = -1;

/**
 * The table in which a word is cut: the cheapest ways to reach each of its places.
 *
 * Hot path: a word of a query takes a dozen to a hundred look-ups here. The word is written as bytes once, of which parts are
 * looked up; partial ways lie in columns, at `BEAM` times their place, cheapest first.
 */
export class CutTable {
  readonly #sources: CutSources;
  #room: number;
  #bytes: Uint8Array;
  /** By place: where it is in `#bytes`. */
  #offsets: Int32Array;
  #counts: Uint8Array;
  #costs: Float64Array;
  #ids: Int32Array;
  #starts: Int32Array;
  #previous: Int32Array;
  #parts: Uint16Array;
  /** Look-ups of terms and pairs in the last `cut`. */
  lookups: number;

  constructor(sources: CutSources) {
    this.#sources = sources;
    this.#room = 0;
    this.#bytes = new Uint8Array(0);
    this.#offsets = new Int32Array(0);
    this.#counts = new Uint8Array(0);
    this.#costs = new Float64Array(0);
    this.#ids = new Int32Array(0);
    this.#starts = new Int32Array(0);
    this.#previous = new Int32Array(0);
    this.#parts = new Uint16Array(0);
    this.lookups = 0;
  }

  /** The `count` cheapest ways to cut `text` into 2 to `maxParts` parts; `text` is at most `maxParts` x `LONGEST_PART` long. */
  cut(text: string, maxParts: number, count: number): Segmentation[] {
    const { length } = text;
    this.#begin(text);
    for (let start = 0; start < length; start++) {
      if (this.#counts[start] === 0 || this.#offsets[start] === INSIDE) continue;
      // Where no further cut is allowed, only the whole rest will do.
      const first = this.#isLastCut(start, maxParts) ? length : start + 1;
      const longest = Math.min(length, start + LONGEST_PART);
      for (let end = first; end <= longest; end++) {
        if (start === 0 && end === length) continue;
        const id = this.#partId(text, start, end);
        if (id !== UNKNOWN_ID) this.#extend(start, end, id, maxParts);
      }
    }
    const found: Segmentation[] = [];
    for (let i = 0; i < Math.min(count, this.#counts[length]!); i++) found.push(this.#read(text, length * BEAM + i));
    return found;
  }

  #begin(text: string): void {
    const { length } = text;
    this.lookups = 0;
    if (length > this.#room) this.#grow(length);
    this.#counts.fill(0, 0, length + 1);
    this.#counts[0] = 1;
    this.#costs[0] = 0;
    this.#ids[0] = START_ID;
    this.#parts[0] = 0;
    const end = writeUtf8(text, this.#bytes, 0);
    const offsets = this.#offsets;
    let at = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0xdc00 && unit <= 0xdfff) {
        offsets[i] = INSIDE;
        continue;
      }
      offsets[i] = at;
      at += unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit >= 0xd800 && unit <= 0xdbff ? 4 : 3;
    }
    offsets[length] = end;
  }

  #isLastCut(place: number, maxParts: number): boolean {
    const first = place * BEAM;
    for (let i = first; i < first + this.#counts[place]!; i++) if (this.#parts[i]! < maxParts - 1) return false;
    return true;
  }

  #partId(text: string, start: number, end: number): number {
    const { terms, lexicon, profile } = this.#sources;
    if (end - start === 1 && !profile.singleLetterWords.includes(text[start]!)) return UNKNOWN_ID;
    if (this.#offsets[end] === INSIDE) return UNKNOWN_ID;
    this.lookups++;
    const id = terms.find(this.#bytes, this.#offsets[start]!, this.#offsets[end]!);
    return id !== MISS && isProposable(lexicon, id) ? id : UNKNOWN_ID;
  }

  /** Goes on from all ways that reach `start` with the term `id`, which ends at `end`. */
  #extend(start: number, end: number, id: number, maxParts: number): void {
    const { languageModel, lexicon, costs } = this.#sources;
    const extra = proposalCost(lexicon, costs, id);
    const first = start * BEAM;
    for (let i = first; i < first + this.#counts[start]!; i++) {
      const parts = this.#parts[i]!;
      if (parts === maxParts) continue;
      this.lookups++;
      const pair = parts === 0 ? languageModel.unigramCost(id) : languageModel.pairCost(this.#ids[i]!, id);
      this.#add(end, this.#costs[i]! + pair + extra, id, start, i, parts + 1);
    }
  }

  /** Keeps a way to reach a place among the cheapest; of equals the first that came. */
  #add(place: number, cost: number, id: number, start: number, previous: number, parts: number): void {
    const costs = this.#costs;
    const first = place * BEAM;
    const count = this.#counts[place]!;
    let at = first + count;
    if (count < BEAM) this.#counts[place] = count + 1;
    else if (cost >= costs[--at]!) return;
    for (; at > first && cost < costs[at - 1]!; at--) {
      costs[at] = costs[at - 1]!;
      this.#ids[at] = this.#ids[at - 1]!;
      this.#starts[at] = this.#starts[at - 1]!;
      this.#previous[at] = this.#previous[at - 1]!;
      this.#parts[at] = this.#parts[at - 1]!;
    }
    costs[at] = cost;
    this.#ids[at] = id;
    this.#starts[at] = start;
    this.#previous[at] = previous;
    this.#parts[at] = parts;
  }

  #read(text: string, last: number): Segmentation {
    const ids: number[] = [];
    const words: string[] = [];
    let end = text.length;
    for (let at = last; this.#parts[at]! > 0; at = this.#previous[at]!) {
      ids.push(this.#ids[at]!);
      words.push(text.slice(this.#starts[at]!, end));
      end = this.#starts[at]!;
    }
    return { ids: ids.reverse(), words: words.reverse(), cost: this.#costs[last]! };
  }

  #grow(length: number): void {
    const places = 2 * length + 1;
    this.#room = 2 * length;
    this.#bytes = new Uint8Array(BYTES_PER_UNIT * places);
    this.#offsets = new Int32Array(places);
    this.#counts = new Uint8Array(places);
    this.#costs = new Float64Array(BEAM * places);
    this.#ids = new Int32Array(BEAM * places);
    this.#starts = new Int32Array(BEAM * places);
    this.#previous = new Int32Array(BEAM * places);
    this.#parts = new Uint16Array(BEAM * places);
  }
}
