import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NgramCounter } from '../../../builders/count/ngram-counter.ts';
import {
  countDocument,
  countEntry,
  countGram,
  countQuery,
  ListedGrams,
  termsOf,
} from '../../../builders/extract/extract.ts';

const scratchFolder = mkdtempSync(join(tmpdir(), 'emend-extract-'));
afterAll(() => rmSync(scratchFolder, { recursive: true, force: true }));

/** N-grams of each order as `ngram=count`, with N for numbers and S, E for the marks of sentences. */
function grams(count: (counter: NgramCounter) => void): [string[], string[], string[]] {
  const counter = new NgramCounter({ scratchFolder, memoryBytes: 1 << 20 });
  count(counter);
  const description = { name: 'test', role: 'documents', wordClass: 'test', weight: 1 } as const;
  const file = counter.finish(description, [1, 1, 1]);
  const out: [string[], string[], string[]] = [[], [], []];
  for (const order of [1, 2, 3] as const) {
    for (const cursor = file.ngrams(order); cursor.next(); ) {
      const key = Buffer.from(cursor.key.subarray(0, cursor.keyEnd)).toString();
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks are control characters
      const shown = key.replace(/[\u0001-\u0003]/g, (mark) => 'NSE'[mark.charCodeAt(0) - 1] ?? '');
      out[order - 1]?.push(`${shown}=${cursor.count}`);
    }
  }
  file.close();
  return out;
}

describe('countDocument', () => {
  it('crosses neither sentences nor fields', () => {
    const [ones, twos, threes] = grams((counter) => countDocument(counter, ['Red shoes! Blue', 'Hat']));
    expect(ones).toEqual(['S=3', 'E=3', 'blue=1', 'hat=1', 'red=1', 'shoes=1']);
    expect(twos).toEqual(['S blue=1', 'S hat=1', 'S red=1', 'blue E=1', 'hat E=1', 'red shoes=1', 'shoes E=1']);
    expect(threes).toEqual(['S blue E=1', 'S hat E=1', 'S red shoes=1', 'red shoes E=1']);
  });

  it('makes one term of all numbers and part numbers', () => {
    const [ones, twos] = grams((counter) => countDocument(counter, ['RTX-4090 card 24gb card']));
    expect(ones).toEqual(['N=2', 'S=1', 'E=1', 'card=2']);
    expect(twos).toEqual(['N card=2', 'S N=1', 'card N=1', 'card E=1']);
  });

  it('ends a run at an address without ending the sentence', () => {
    const [ones, twos] = grams((counter) => countDocument(counter, ['see https://example.com/a for details']));
    expect(ones).toEqual(['S=1', 'E=1', 'details=1', 'for=1', 'see=1']);
    expect(twos).toEqual(['S see=1', 'details E=1', 'for details=1']);
  });

  it('finds nothing in texts without terms', () => {
    expect(grams((counter) => countDocument(counter, ['', ' ', '...', '\u{1F600}']))).toEqual([[], [], []]);
  });
});

describe('countQuery', () => {
  it('counts as often as the query was asked', () => {
    const [ones, twos] = grams((counter) => countQuery(counter, 'red shoes', 7));
    expect(ones).toEqual(['S=7', 'E=7', 'red=7', 'shoes=7']);
    expect(twos).toEqual(['S red=7', 'red shoes=7', 'shoes E=7']);
  });

  it('reads what stands within quotation marks, and not the value of a field', () => {
    const [ones, twos] = grams((counter) => countQuery(counter, '"the beatles" lyrics site:example.com', 1));
    expect(ones).toEqual(['S=1', 'beatles=1', 'lyrics=1', 'the=1']);
    expect(twos).toEqual(['S the=1', 'beatles lyrics=1', 'the beatles=1']);
  });
});

describe('countEntry and countGram', () => {
  it('count the words of an entry, and its n-grams without marks', () => {
    const [ones, twos, threes] = grams((counter) => {
      expect(countEntry(counter, 'New York City', 5)).toBe(true);
      expect(countEntry(counter, 'St. Louis', 2)).toBe(true);
      expect(countEntry(counter, '...', 2)).toBe(false);
    });
    expect(ones).toEqual(['city=5', 'louis=2', 'new=5', 'st=2', 'york=5']);
    expect(twos).toEqual(['new york=5', 'st louis=2', 'york city=5']);
    expect(threes).toEqual(['new york city=5']);
  });

  it('count an n-gram as itself, and refuse what is none', () => {
    const [ones, twos, threes] = grams((counter) => {
      expect(countGram(counter, 'one of the', 5)).toBe(true);
      expect(countGram(counter, 'One Of', 2)).toBe(true);
      expect(countGram(counter, 'a b c d', 9)).toBe(false);
      expect(countGram(counter, 'see www.example.com', 9)).toBe(false);
      expect(countGram(counter, '', 9)).toBe(false);
    });
    expect([ones, twos, threes]).toEqual([[], ['one of=2'], ['one of the=5']]);
  });
});

describe('ListedGrams', () => {
  it('counts n-grams of words that are one term each, and no others', () => {
    const terms = termsOf(['New', "it's", 'rock-n-roll & more', '7', '']);
    expect(terms).toEqual(['new', "it's", '', '', '']);
    const [ones, twos, threes] = grams((counter) => {
      const listed = new ListedGrams(counter, terms);
      listed.count(0, 1, -1, 3);
      listed.count(0, 1, 0, 2);
      listed.count(0, 2, -1, 9);
    });
    expect([ones, twos, threes]).toEqual([[], ["new it's=3"], ["new it's new=2"]]);
  });
});
