/** What a dataset learned of the owner's own words, and which of them it takes for mistakes. */
import { openDataset } from '../../stores/dataset/open.ts';
import { FIRST_TERM_ID, TermFlag } from '../../stores/lexicon/format.ts';
import type { AuditVocabulary, AuditWord } from './report.ts';

/** Words that the page shows of each kind, the most frequent. */
const SHOWN_WORDS = 200;

/** Shorter ones say nothing to a reader. */
const MIN_LENGTH = 3;

const OWN = TermFlag.documents | TermFlag.queries;
const GENERAL = TermFlag.dictionary | TermFlag.name | TermFlag.web;
const DOUBTED = TermFlag.suspect | TermFlag.runOn;

/**
 * Walks the vocabulary of a dataset version: learned are words of documents and queries that no dictionary has; doubted are
 * those taken for misspellings or for words run together. About 0.2 s for half a million terms.
 *
 * @throws {StoreError} when the dataset cannot be opened
 */
export function vocabularyOf(dir: string): AuditVocabulary {
  const dataset = openDataset(dir, {});
  try {
    const { lexicon } = dataset.stores;
    const learned = new Words();
    const doubted = new Words();
    for (let id = FIRST_TERM_ID; id < lexicon.termCount; id++) {
      const flags = lexicon.flags(id);
      if ((flags & OWN) === 0) continue;
      if ((flags & DOUBTED) !== 0) {
        doubted.add(lexicon.text(id), (flags & TermFlag.runOn) !== 0 ? 'run-on' : 'suspect');
      } else if ((flags & GENERAL) === 0) learned.add(lexicon.text(id), originOf(flags));
    }
    return { terms: lexicon.termCount - FIRST_TERM_ID, learned: learned.shown(), doubted: doubted.shown() };
  } finally {
    dataset.close();
  }
}

function originOf(flags: number): AuditWord['why'] {
  if ((flags & OWN) === OWN) return 'both';
  return (flags & TermFlag.documents) !== 0 ? 'documents' : 'queries';
}

class Words {
  readonly #words: AuditWord[];
  #total: number;

  constructor() {
    this.#words = [];
    this.#total = 0;
  }

  add(word: string, why: AuditWord['why']): void {
    // Numbers and codes are no words that anyone would want to look through.
    if (word.length < MIN_LENGTH || !/^[\p{L}\p{M}'’-]+$/u.test(word)) return;
    this.#total++;
    if (this.#words.length < SHOWN_WORDS) this.#words.push({ word, why });
  }

  shown(): { total: number; words: AuditWord[] } {
    return { total: this.#total, words: this.#words };
  }
}
