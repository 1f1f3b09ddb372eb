import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { assemble } from '../../../../builders/assemble/assemble.ts';
import type { CountCursor, CountedSource } from '../../../../builders/count/counted-source.ts';
import { FstWriter } from '../../../../builders/fst/writer.ts';
import { CandidateFinder, type CandidateSink } from '../../../../services/rewrite/propose/candidates.ts';
import { boundedDistance } from '../../../../services/rewrite/propose/distance.ts';
import { FIRST_TERM_ID } from '../../../../stores/lexicon/format.ts';
import { openLexicon } from '../../../../stores/lexicon/lexicon.ts';
import { openStore } from '../../../../stores/open.ts';
import { TEXT_VERSION } from '../../../../stores/text/normalise.ts';
import { ENGLISH } from '../../../support/english.ts';

/** A word list with falling counts. */
function wordList(words: readonly string[]): CountedSource {
  const sorted = [...words].sort();
  const cursor = (entries: readonly string[]): CountCursor => {
    let at = -1;
    return {
      next: () => ++at < entries.length,
      get key() {
        return Buffer.from(entries[at] ?? '');
      },
      get keyEnd() {
        return Buffer.byteLength(entries[at] ?? '');
      },
      get count() {
        return 1 + words.length - words.indexOf(entries[at] ?? '');
      },
    };
  };
  return {
    name: 'words',
    role: 'words',
    wordClass: 'dictionary',
    weight: 1,
    tokenCount: (words.length * (words.length + 1)) / 2,
    ngrams: (order) => cursor(order === 1 ? sorted : []),
  };
}

const units = (text: string) => Uint16Array.from(text, (_, i) => text.charCodeAt(i));
const distance = (a: string, b: string) => boundedDistance(units(a), a.length, units(b), b.length, 2);

describe('CandidateFinder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'emend-candidates-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A finder over the words, as found texts. */
  async function finderOver(words: readonly string[]) {
    const dir = mkdtempSync(join(folder, 'set-'));
    await assemble(
      [wordList(words)],
      dir,
      {
        language: ENGLISH.language,
        channel: { base: { name: 'none', costs: [] }, pairs: [] },
        openWriter: (name, { valueKind }) => ({
          writer: new FstWriter(join(dir, name), { valueKind }),
          file: name,
          kind: 'fst',
        }),
      },
      () => {},
    );
    const lexicon = openLexicon(join(dir, 'lexicon.bin'), TEXT_VERSION);
    const stores = ['deletes1', 'deletes2'].map((name) => openStore(join(dir, name)));
    const [deletes1, deletes2] = stores;
    if (deletes1 === undefined || deletes2 === undefined) throw new Error('no stores');
    const finder = new CandidateFinder(deletes1, deletes2, lexicon);
    return (typed: string, maxEdits: number, postings?: number, last = 0xffffffff) => {
      const found: string[] = [];
      const sink: CandidateSink = {
        lastWanted: new Uint32Array(3).fill(last),
        take(id, near, meant, length) {
          expect(near).toBe(distance(typed, lexicon.text(id)));
          expect(String.fromCharCode(...meant.subarray(0, length))).toBe(lexicon.text(id));
          found.push(lexicon.text(id));
        },
      };
      finder.find(units(typed), typed.length, maxEdits, sink, postings);
      return found.sort();
    };
  }

  it('finds a word with one letter missing and another one doubled: two edits that one deletion each undoes', async () => {
    const find = await finderOver(['tomorrow', 'necessary', 'accommodate']);
    expect(find('tommorow', 2)).toEqual(['tomorrow']);
    expect(find('neccesary', 2)).toEqual(['necessary']);
    expect(find('tommorow', 1)).toEqual([]);
  });

  it('finds the commonest of many when it may look at a few only, and all of them again afterwards', async () => {
    const words = [...'bcdfghklmnprst'].map((letter) => `${letter}ight`);
    const find = await finderOver(words);
    const all = find('wight', 1);
    expect(all).toEqual([...words].sort());
    const few = find('wight', 1, 2);
    expect(few).toContain(words[0]);
    expect(few.length).toBeLessThan(words.length);
    expect(find('wight', 1)).toEqual(all);
  });

  it('leaves out terms that are rarer than what is wanted', async () => {
    const words = [...'bcdfghklmnprst'].map((letter) => `${letter}ight`);
    const find = await finderOver(words);
    expect(find('wight', 1, undefined, FIRST_TERM_ID + 4)).toEqual(words.slice(0, 5).sort());
    expect(find('wihgt', 2, undefined, FIRST_TERM_ID)).toEqual(words.slice(0, 1));
    expect(find('wight', 1, undefined, 0)).toEqual([]);
  });

  it('finds what is near and nothing else', async () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 3, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(word, { minLength: 1, maxLength: 60 }), fc.array(word), async (words, typed) => {
        const find = await finderOver(words);
        for (const text of [...typed, ...words]) {
          for (const maxEdits of [1, 2]) {
            const reach = text.length < 5 ? 1 : maxEdits;
            const near = words.filter((other) => other !== text && distance(text, other) <= reach).sort();
            expect(find(text, maxEdits)).toEqual(near);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});
