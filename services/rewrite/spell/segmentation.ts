import { START_ID, UNKNOWN_ID } from '../../../stores/lexicon/format.ts';
import { LRUMap } from '../../../stores/lru.ts';
import type { Resources } from '../worker.ts';
import { isProposable, proposalCost, termId } from './vocabulary.ts';

/** A way to cut a run of letters into words. */
export interface Segmentation {
  readonly ids: readonly number[];
  readonly words: readonly string[];
  /** Language-model cost of the words in a row, in nats, with what doubtful parts add. */
  readonly cost: number;
}

/** Words whose cuts are remembered: some 3 MB of objects. */
const REMEMBERED_WORDS = 1 << 12;

/**
 * The ways to cut the words met last. They depend on the word alone and not on its query.
 *
 * Hot path: cutting a word takes up to some hundred look-ups, and words recur.
 */
export class Segmenter {
  readonly #entries: LRUMap<string, readonly Segmentation[]>;
  /** Keys set since `noteRecent`, where they are noted. */
  #recent: string[] | undefined;

  /** @param remembered words remembered */
  constructor(remembered = REMEMBERED_WORDS) {
    this.#entries = new LRUMap(remembered);
    this.#recent = undefined;
  }

  /** As {@link segment}. */
  segment(text: string, maxParts: number, count: number, resources: Resources): readonly Segmentation[] {
    const key = `${maxParts},${count},${text}`;
    let found = this.#entries.get(key);
    if (found === undefined || found === FORGOTTEN) {
      found = segment(text, maxParts, count, resources);
      this.#entries.set(key, found);
      this.#recent?.push(key);
    }
    return found;
  }

  /** How many words are remembered. */
  get size(): number {
    return this.#entries.size;
  }

  /** From now on notes what is found, until it is kept or forgotten. */
  noteRecent(): void {
    this.#recent = [];
  }

  /** What was noted stays: every look-up behind it was answered in full. */
  keepRecent(): void {
    this.#recent = undefined;
  }

  /** What was noted is forgotten: look-ups behind it were answered `MISS` for want of a read. */
  forgetRecent(): void {
    for (const key of this.#recent ?? []) if (this.#entries.has(key)) this.#entries.set(key, FORGOTTEN);
    this.#recent = undefined;
  }
}

const FORGOTTEN: readonly Segmentation[] = [];

/** Longest part of a cut word, in code units. */
const LONGEST_PART = 22;
/** Partial segmentations kept at each place. */
const BEAM = 6;

interface Partial {
  readonly cost: number;
  readonly id: number;
  readonly start: number;
  readonly previous: Partial | undefined;
  readonly parts: number;
}

/**
 * The `count` cheapest ways to cut `text` into 2 to `maxParts` known words, by dynamic programming over places with
 * pairs of words scored by the language model.
 *
 * Work: at most length x 22 term look-ups and 6 times as many pair look-ups.
 */
export function segment(text: string, maxParts: number, count: number, resources: Resources): Segmentation[] {
  const { languageModel } = resources;
  const length = text.length;
  if (length > maxParts * LONGEST_PART) return [];
  const places: Partial[][] = Array.from({ length: length + 1 }, () => []);
  places[0]!.push({ cost: 0, id: START_ID, start: 0, previous: undefined, parts: 0 });
  for (let start = 0; start < length; start++) {
    const here = keepBest(places[start]!);
    if (here.length === 0) continue;
    const longest = Math.min(length, start + LONGEST_PART);
    // Where no further cut is allowed, only the whole rest will do.
    const isLastCut = here.every((previous) => previous.parts >= maxParts - 1);
    for (let end = isLastCut ? length : start + 1; end <= longest; end++) {
      if (start === 0 && end === length) continue;
      const id = partId(text, start, end, resources);
      if (id === UNKNOWN_ID) continue;
      const extra = proposalCost(resources.lexicon, resources.parameters, id);
      for (const previous of here) {
        if (previous.parts === maxParts) continue;
        const pair = previous.parts === 0 ? languageModel.unigramCost(id) : languageModel.pairCost(previous.id, id);
        const cost = previous.cost + pair + extra;
        places[end]!.push({ cost, id, start, previous, parts: previous.parts + 1 });
      }
    }
  }
  return keepBest(places[length]!)
    .slice(0, count)
    .map((last) => toSegmentation(text, length, last));
}

function partId(text: string, start: number, end: number, resources: Resources): number {
  const part = text.slice(start, end);
  if (end - start === 1 && !resources.profile.singleLetterWords.includes(part)) return UNKNOWN_ID;
  const id = termId(resources.terms, part);
  return id !== UNKNOWN_ID && isProposable(resources.lexicon, id) ? id : UNKNOWN_ID;
}

function keepBest(partials: Partial[]): Partial[] {
  partials.sort((a, b) => a.cost - b.cost);
  return partials.slice(0, BEAM);
}

function toSegmentation(text: string, length: number, last: Partial): Segmentation {
  const ids: number[] = [];
  const words: string[] = [];
  let end = length;
  for (let at: Partial | undefined = last; at !== undefined && at.parts > 0; at = at.previous) {
    ids.push(at.id);
    words.push(text.slice(at.start, end));
    end = at.start;
  }
  return { ids: ids.reverse(), words: words.reverse(), cost: last.cost };
}
