/** Which of the listed misspellings go into a dataset, and their store. */
import { compareBytes } from '../../stores/bytes/compare.ts';
import { encodeUtf8 } from '../../stores/bytes/utf8.ts';
import { TermFlag } from '../../stores/lexicon/format.ts';
import { encodeCorrections, MAX_CORRECTION_WORDS, MAX_CORRECTIONS } from '../../stores/misspellings/format.ts';
import { tokenise } from '../../stores/text/tokenise.ts';
import type { AssembledFile, OpenWriter } from './assembled-file.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A misspelling, one term, and what is meant by it: texts of one or more terms, the likeliest first. */
export interface Misspelling {
  readonly wrong: string;
  /** Each a row of terms. */
  readonly rights: readonly (readonly string[])[];
}

/**
 * A pair of texts as terms; undefined when the misspelling is not one word, or a correction has something in it that is no
 * word. Corrections that are the misspelling itself are left out.
 */
export function toMisspelling(wrong: string, rights: readonly string[]): Misspelling | undefined {
  const typed = wordsOf(wrong);
  if (typed?.length !== 1) return undefined;
  const rows = rights.map(wordsOf).filter((words) => words !== undefined && words.join(' ') !== typed[0]);
  return rows.length === 0 ? undefined : { wrong: typed[0]!, rights: rows as string[][] };
}

function wordsOf(text: string): string[] | undefined {
  const tokens = tokenise(text, { syntax: 'plain' });
  return tokens.every((token) => token.class === 'word') ? tokens.map((token) => token.text) : undefined;
}

/** One list of misspellings. */
export interface MisspellingList {
  readonly pairs: readonly Misspelling[];
  readonly origin: MisspellingOrigin;
}

/**
 * Where a list comes from, which decides what outweighs it. What the owner lists is wrong even where the word stands in the
 * documents or in a dictionary. What people put right in the query log is no word only because it stands in the log. Of
 * general lists all words are left out that are known by themselves: they have names and rare words among their misspellings.
 */
export type MisspellingOrigin = 'owner' | 'log' | 'general';

const ORIGINS: readonly MisspellingOrigin[] = ['owner', 'log', 'general'];

/** The standings of a word that outweigh a list. */
const OUTWEIGHED_BY: Readonly<Record<MisspellingOrigin, number>> = Object.freeze({
  owner: 0,
  log: TermFlag.dictionary | TermFlag.name | TermFlag.documents,
  general: TermFlag.dictionary | TermFlag.name | TermFlag.documents | TermFlag.queries,
});

/**
 * The misspellings that are of use: one-term texts that are no words themselves, with corrections all of whose words the
 * vocabulary has. The lists are merged in their order.
 *
 * @returns corrections as rows of ids, by misspelling
 */
export function usableMisspellings(
  lists: readonly MisspellingList[],
  vocabulary: Vocabulary,
): ReadonlyMap<string, readonly (readonly number[])[]> {
  const usable = new Map<string, (readonly number[])[]>();
  // The owner's come first: what they say is meant stands before what is said elsewhere.
  const ordered = [...lists].sort((a, b) => ORIGINS.indexOf(a.origin) - ORIGINS.indexOf(b.origin));
  for (const { pairs, origin } of ordered) {
    for (const { wrong, rights } of pairs) {
      const typed = vocabulary.idOf.get(wrong);
      if (typed !== undefined && (vocabulary.flags[typed]! & OUTWEIGHED_BY[origin]) !== 0) continue;
      for (const right of rights) {
        const ids = idsOf(right, vocabulary);
        if (ids === undefined || (ids.length === 1 && ids[0] === typed)) continue;
        // Apostrophes are neutral: neither spelling is a mistake for the other.
        if (origin !== 'owner' && right.join(' ').replaceAll("'", '') === wrong.replaceAll("'", '')) continue;
        const known = usable.get(wrong) ?? [];
        if (known.length === MAX_CORRECTIONS || known.some((row) => row.join() === ids.join())) continue;
        known.push(ids);
        usable.set(wrong, known);
      }
    }
  }
  return usable;
}

function idsOf(words: readonly string[], vocabulary: Vocabulary): number[] | undefined {
  if (words.length === 0 || words.length > MAX_CORRECTION_WORDS) return undefined;
  const ids: number[] = [];
  for (const word of words) {
    const id = vocabulary.idOf.get(word);
    if (id === undefined || (vocabulary.flags[id]! & TermFlag.variant) !== 0) return undefined;
    ids.push(id);
  }
  return ids;
}

/** Marks the terms that a list calls misspellings as suspect, unless a dictionary or a list of names has them. */
export function markListed(misspellings: ReadonlyMap<string, unknown>, vocabulary: Vocabulary): void {
  for (const wrong of misspellings.keys()) {
    const id = vocabulary.idOf.get(wrong);
    if (id === undefined || (vocabulary.flags[id]! & (TermFlag.dictionary | TermFlag.name)) !== 0) continue;
    vocabulary.flags[id]! |= TermFlag.suspect;
  }
}

/** Writes the store of known misspellings. */
export async function writeMisspellings(
  misspellings: ReadonlyMap<string, readonly (readonly number[])[]>,
  openWriter: OpenWriter,
): Promise<AssembledFile> {
  const entries = [...misspellings].map(([wrong, corrections]) => ({ key: encodeUtf8(wrong), corrections }));
  entries.sort((a, b) => compareBytes(a.key, 0, a.key.length, b.key, 0, b.key.length));
  const { writer, file, kind } = openWriter('misspellings', { valueKind: 'bytes', keyCount: entries.length });
  for (const { key, corrections } of entries) {
    const value = encodeCorrections(corrections);
    writer.addBytes(key, 0, key.length, value, 0, value.length);
  }
  const { keyCount, fileBytes, parameters } = writer.finish();
  return { name: 'misspellings', file, kind, entries: keyCount, bytes: fileBytes, parameters };
}
