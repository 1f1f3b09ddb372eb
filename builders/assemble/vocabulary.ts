import { compareBytes } from '../../stores/bytes/compare.ts';
import { decodeUtf8 } from '../../stores/bytes/utf8.ts';
import { MAX_TERM_ID } from '../../stores/language/ngram-key.ts';
import { FIRST_TERM_ID, TermFlag } from '../../stores/lexicon/format.ts';
import { type CountCursor, type CountedSource, NUMBER, SENTENCE_END, SENTENCE_START } from '../count/counted-source.ts';
import { BuildError } from '../errors.ts';
import { type BuilderProfile, ENGLISH_BUILDER } from './profile.ts';

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
 * @throws {BuildError} `BUILD_LIMIT` beyond 16,777,215 terms
 */
export function buildVocabulary(
  sources: readonly CountedSource[],
  weightOf: (source: CountedSource) => number,
  profile = ENGLISH_BUILDER,
): Vocabulary {
  const merged = mergeUnigrams(sources);
  const probabilities = mixUnigrams(sources, merged, weightOf);
  dropListedForms(merged, probabilities, profile);
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
function dropListedForms(merged: MergedUnigrams, probabilities: number[], profile: BuilderProfile): void {
  const kept = merged.texts.map(
    (text, row) =>
      probabilities[row]! > LISTED_ONLY_PROBABILITY || !profile.listedEndings.some((ending) => text.endsWith(ending)),
  );
  let at = 0;
  kept.forEach((keep, row) => {
    if (!keep) return;
    merged.texts[at] = merged.texts[row]!;
    merged.flags[at] = merged.flags[row]!;
    probabilities[at] = probabilities[row]!;
    for (const counts of merged.counts) moveCount(counts, row, at);
    at++;
  });
  for (const list of [merged.texts, merged.flags, probabilities, ...merged.counts]) list.length = at;
}

function moveCount(counts: number[], from: number, to: number): void {
  counts[to] = counts[from] ?? 0;
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
      for (const counts of merged.counts) counts.push(0);
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
  /** By source, then by row. */
  readonly counts: number[][];
}

/** One pass over all sources' unigrams, each in byte order. */
function mergeUnigrams(sources: readonly CountedSource[]): MergedUnigrams {
  const reserved = new Set([SENTENCE_START, SENTENCE_END, NUMBER, '']);
  const texts: string[] = [];
  const flags: number[] = [];
  const counts: number[][] = sources.map(() => []);
  const cursors = sources.map((source) => source.ngrams(1));
  const live = cursors.map((cursor) => cursor.next());
  for (;;) {
    const least = leastCursor(cursors, live);
    if (least === undefined) return { texts, flags, counts };
    const key = least.key.slice(0, least.keyEnd);
    const text = decodeUtf8(key);
    const row = texts.length;
    let flag = 0;
    const isTerm = sources.some((source, s) => live[s] && makesTerms(source) && holds(cursors[s]!, key));
    const keep = isTerm && !reserved.has(text);
    for (let s = 0; s < cursors.length; s++) {
      const cursor = cursors[s]!;
      if (!live[s] || !holds(cursor, key)) continue;
      if (keep) {
        counts[s]![row] = cursor.count;
        flag |= sourceFlag(sources[s]!);
      }
      live[s] = cursor.next();
    }
    if (!keep) continue;
    texts.push(text);
    flags.push(flag);
  }
}

function holds(cursor: CountCursor, key: Uint8Array): boolean {
  return compareBytes(cursor.key, 0, cursor.keyEnd, key, 0, key.length) === 0;
}

function leastCursor(cursors: readonly CountCursor[], live: readonly boolean[]): CountCursor | undefined {
  let least: CountCursor | undefined;
  for (let s = 0; s < cursors.length; s++) {
    if (!live[s]) continue;
    const cursor = cursors[s]!;
    if (least === undefined || compareBytes(cursor.key, 0, cursor.keyEnd, least.key, 0, least.keyEnd) < 0) {
      least = cursor;
    }
  }
  return least;
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
    const ofSource = merged.counts[s]!;
    for (let row = 0; row < termCount; row++) {
      const count = ofSource[row];
      if (count !== undefined) probabilities[row]! += count * scale;
    }
  }
  for (let row = 0; row < termCount; row++) {
    probabilities[row] = Math.max(probabilities[row]!, LISTED_ONLY_PROBABILITY);
  }
  return probabilities;
}

function rank(merged: MergedUnigrams, probabilities: readonly number[]): Vocabulary {
  const termCount = merged.texts.length;
  // Ties keep byte order, so that the same input gives the same ids.
  const order = Uint32Array.from({ length: termCount }, (_, row) => row);
  order.sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  const size = termCount + FIRST_TERM_ID;
  const texts: string[] = new Array(size).fill('');
  const flags = new Uint8Array(size);
  const ranked = new Float64Array(size);
  const counts = merged.counts.map(() => new Float64Array(size));
  const idOf = new Map<string, number>();
  for (let index = 0; index < termCount; index++) {
    const row = order[index]!;
    const id = index + FIRST_TERM_ID;
    texts[id] = merged.texts[row]!;
    flags[id] = merged.flags[row]!;
    ranked[id] = probabilities[row]!;
    for (let s = 0; s < counts.length; s++) counts[s]![id] = merged.counts[s]![row] ?? 0;
    idOf.set(merged.texts[row]!, id);
  }
  return { texts, flags, probabilities: ranked, counts, idOf };
}
