import { compareBytes } from '../../stores/bytes/compare.ts';
import { decodeUtf8 } from '../../stores/bytes/utf8.ts';
import { MAX_TERM_ID } from '../../stores/language/ngram-key.ts';
import { FIRST_TERM_ID, TermFlag } from '../../stores/lexicon/format.ts';
import { type CountCursor, type CountedSource, NUMBER, SENTENCE_END, SENTENCE_START } from '../count/counted-source.ts';
import { BuildError } from '../errors.ts';
import { findSorted } from './source-counts.ts';

/** Every term that the dataset knows, by id: ranked by falling probability after the reserved ids. */
export interface Vocabulary {
  /** Texts by id; the reserved ids have empty texts. */
  readonly texts: readonly string[];
  /** `TermFlag` bits by id. */
  readonly flags: Uint8Array;
  /** P(term) of the mixed unigram model, by id. */
  readonly probabilities: Float64Array;
  /** Occurrences by id in each source, in the order of the sources. */
  readonly counts: readonly Float64Array[];
  readonly idOf: ReadonlyMap<string, number>;
}

/** A term that only a list without counts names is taken to occur once in this many words. */
const LISTED_ONLY_PROBABILITY = 2e-10;

const CLASS_FLAGS: Readonly<Record<string, number>> = {
  dictionary: TermFlag.dictionary,
  names: TermFlag.name,
  web: TermFlag.web,
};

/** Whether a source makes terms of its words, or only counts those that others make. */
function makesTerms(source: CountedSource): boolean {
  return source.role !== 'ngrams';
}

/** The flag that being in a source gives a term. General text says nothing of a term's standing beyond `web`. */
export function sourceFlag(source: CountedSource): number {
  if (source.role === 'words') return CLASS_FLAGS[source.wordClass] ?? TermFlag.dictionary;
  if (source.wordClass === 'general' || source.role === 'ngrams') return TermFlag.web;
  return source.role === 'documents' ? TermFlag.documents : TermFlag.queries;
}

/**
 * Merges the sources' unigrams into one vocabulary. Memory: the terms and 8 bytes a term and source.
 *
 * @param weightOf a source's share in the unigram mixture, before normalisation; 0 leaves its counts out
 * @param listedEndings endings of words that dictionaries list by the ten thousand: see `Language.listedEndings`
 * @throws {BuildError} `BUILD_LIMIT` beyond 16,777,215 terms
 */
export function buildVocabulary(
  sources: readonly CountedSource[],
  weightOf: (source: CountedSource) => number,
  listedEndings: readonly string[] = [],
): Vocabulary {
  const merged = mergeUnigrams(sources);
  const probabilities = mixUnigrams(sources, merged, weightOf);
  dropListedForms(merged, probabilities, listedEndings);
  addVariants(merged, probabilities);
  const termCount = merged.texts.length;
  if (termCount + FIRST_TERM_ID > MAX_TERM_ID) {
    throw new BuildError(
      'BUILD_LIMIT',
      `assembling the vocabulary: ${termCount} terms, the format takes ${MAX_TERM_ID - FIRST_TERM_ID}; raise --min-count`,
    );
  }
  return rank(merged, probabilities);
}

/** Forms that dictionaries list by the ten thousand and no text holds, in English the possessives. */
function dropListedForms(merged: MergedUnigrams, probabilities: number[], endings: readonly string[]): void {
  const kept = merged.texts.map(
    (text, row) => probabilities[row]! > LISTED_ONLY_PROBABILITY || !endings.some((ending) => text.endsWith(ending)),
  );
  const rows = new Int32Array(kept.length).fill(-1);
  let at = 0;
  kept.forEach((keep, row) => {
    if (!keep) return;
    merged.texts[at] = merged.texts[row]!;
    merged.flags[at] = merged.flags[row]!;
    probabilities[at] = probabilities[row]!;
    rows[row] = at++;
  });
  for (const list of [merged.texts, merged.flags, probabilities]) list.length = at;
  for (const counts of merged.counts) counts.renumber(rows);
}

/** Terms as people type them without their apostrophe: known, as common as the term itself, never proposed. */
function addVariants(merged: MergedUnigrams, probabilities: number[]): void {
  const rowOf = new Map(merged.texts.map((text, row) => [text, row]));
  for (let row = 0, end = merged.texts.length; row < end; row++) {
    const text = merged.texts[row]!;
    if (!text.includes("'")) continue;
    const bare = text.replaceAll("'", '');
    const existing = rowOf.get(bare);
    if (bare === '' || probabilities[row]! <= LISTED_ONLY_PROBABILITY) continue;
    if (existing === undefined) {
      rowOf.set(bare, merged.texts.length);
      merged.texts.push(bare);
      merged.flags.push(TermFlag.variant | merged.flags[row]!);
      probabilities.push(probabilities[row]!);
    } else if (
      (merged.flags[existing]! & (TermFlag.dictionary | TermFlag.name)) === 0 &&
      probabilities[existing]! < probabilities[row]!
    ) {
      merged.flags[existing]! |= TermFlag.variant | merged.flags[row]!;
    }
  }
}

interface MergedUnigrams {
  readonly texts: string[];
  readonly flags: number[];
  /** By source. */
  readonly counts: readonly RowCounts[];
}

/** The counts of one source, of the rows that it has: most sources have few. */
class RowCounts {
  /** Ascending. */
  rows: Uint32Array;
  counts: Float64Array;
  length: number;

  constructor() {
    this.rows = new Uint32Array(1 << 8);
    this.counts = new Float64Array(1 << 8);
    this.length = 0;
  }

  /** @param row above those before */
  add(row: number, count: number): void {
    if (this.length === this.rows.length) {
      const rows = new Uint32Array(2 * this.length);
      rows.set(this.rows);
      this.rows = rows;
      const counts = new Float64Array(2 * this.length);
      counts.set(this.counts);
      this.counts = counts;
    }
    this.rows[this.length] = row;
    this.counts[this.length++] = count;
  }

  /** Gives each row its new number, ascending as the old ones; those that get -1 are left out. */
  renumber(numbers: Int32Array): void {
    let kept = 0;
    for (let i = 0; i < this.length; i++) {
      const row = numbers[this.rows[i]!]!;
      if (row < 0) continue;
      this.rows[kept] = row;
      this.counts[kept++] = this.counts[i]!;
    }
    this.length = kept;
  }
}

/** One pass over all sources' unigrams, each in byte order. */
function mergeUnigrams(sources: readonly CountedSource[]): MergedUnigrams {
  const reserved = new Set([SENTENCE_START, SENTENCE_END, NUMBER, '']);
  const texts: string[] = [];
  const flags: number[] = [];
  const counts = sources.map(() => new RowCounts());
  const cursors = sources.map((source) => source.ngrams(1));
  const makers = sources.map(makesTerms);
  const sourceFlags = sources.map(sourceFlag);
  let live = [...cursors.keys()].filter((s) => cursors[s]!.next());
  // The live sources that stand at the least key.
  const standing = new Uint32Array(sources.length);
  while (live.length > 0) {
    const count = findLeast(cursors, live, standing);
    const { key, keyEnd } = cursors[standing[0]!]!;
    let isTerm = false;
    for (let i = 0; i < count; i++) isTerm ||= makers[standing[i]!]!;
    const text = isTerm ? decodeUtf8(key, 0, keyEnd) : '';
    const keep = !reserved.has(text);
    let flag = 0;
    const ended: number[] = [];
    for (let i = 0; i < count; i++) {
      const s = standing[i]!;
      if (keep) {
        counts[s]!.add(texts.length, cursors[s]!.count);
        flag |= sourceFlags[s]!;
      }
      if (!cursors[s]!.next()) ended.push(s);
    }
    if (ended.length > 0) live = live.filter((s) => !ended.includes(s));
    if (!keep) continue;
    texts.push(text);
    flags.push(flag);
  }
  return { texts, flags, counts };
}

/** Writes which of the live cursors stand at the least of their keys to `out`, ascending, and answers how many they are. */
function findLeast(cursors: readonly CountCursor[], live: readonly number[], out: Uint32Array): number {
  let count = 0;
  for (const s of live) {
    const { key, keyEnd } = cursors[s]!;
    const least = cursors[out[0]!]!;
    const order = count === 0 ? -1 : compareBytes(key, 0, keyEnd, least.key, 0, least.keyEnd);
    if (order > 0) continue;
    if (order < 0) count = 0;
    out[count++] = s;
  }
  return count;
}

/** P(term) = sum over sources of weight x relative frequency, floored for terms that are only listed. */
function mixUnigrams(
  sources: readonly CountedSource[],
  merged: MergedUnigrams,
  weightOf: (source: CountedSource) => number,
): number[] {
  const termCount = merged.texts.length;
  const probabilities: number[] = new Array(termCount).fill(0);
  const weights = sources.map((source) => (source.tokenCount > 0 ? weightOf(source) : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let s = 0; s < sources.length; s++) {
    if (weights[s] === 0) continue;
    const scale = weights[s]! / total / sources[s]!.tokenCount;
    const { rows, counts, length } = merged.counts[s]!;
    for (let i = 0; i < length; i++) probabilities[rows[i]!]! += counts[i]! * scale;
  }
  for (let row = 0; row < termCount; row++) {
    probabilities[row] = Math.max(probabilities[row]!, LISTED_ONLY_PROBABILITY);
  }
  return probabilities;
}

function rank(merged: MergedUnigrams, probabilities: readonly number[]): Vocabulary {
  const termCount = merged.texts.length;
  const order = byFallingProbability(probabilities);
  const size = termCount + FIRST_TERM_ID;
  const texts: string[] = new Array(size).fill('');
  const flags = new Uint8Array(size);
  const ranked = new Float64Array(size);
  const idOf = new Map<string, number>();
  const ids = new Uint32Array(termCount);
  for (let index = 0; index < termCount; index++) {
    const row = order[index]!;
    const id = index + FIRST_TERM_ID;
    ids[row] = id;
    texts[id] = merged.texts[row]!;
    flags[id] = merged.flags[row]!;
    ranked[id] = probabilities[row]!;
    idOf.set(merged.texts[row]!, id);
  }
  const counts = merged.counts.map((ofSource) => {
    const byId = new Float64Array(size);
    for (let i = 0; i < ofSource.length; i++) byId[ids[ofSource.rows[i]!]!] = ofSource.counts[i]!;
    return byId;
  });
  return { texts, flags, probabilities: ranked, counts, idOf };
}

/**
 * The rows by falling probability. Ties keep byte order, so that the same input gives the same ids.
 *
 * Numbers alone are sorted many times as fast as an order of rows; a counting sort over the different ones does the rest.
 */
function byFallingProbability(probabilities: readonly number[]): Uint32Array {
  const sorted = Float64Array.from(probabilities).sort();
  const levels = sorted.filter((probability, i) => i === 0 || probability !== sorted[i - 1]);
  const levelOf = new Uint32Array(probabilities.length);
  const next = new Uint32Array(levels.length + 1);
  for (let row = 0; row < levelOf.length; row++) {
    levelOf[row] = levels.length - 1 - findSorted(levels, probabilities[row]!);
    next[levelOf[row]! + 1]!++;
  }
  for (let level = 0; level < levels.length; level++) next[level + 1]! += next[level]!;
  const order = new Uint32Array(probabilities.length);
  for (let row = 0; row < order.length; row++) order[next[levelOf[row]!]!++] = row;
  return order;
}
