import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { CountedFile } from '../../../builders/count/counted-file.ts';
import { NUMBER, SENTENCE_END, SENTENCE_START } from '../../../builders/count/counted-source.ts';
import { NgramCounter } from '../../../builders/count/ngram-counter.ts';
import { InvalidLine } from '../../../builders/errors.ts';

const scratchFolder = mkdtempSync(join(tmpdir(), 'emend-count-'));
afterAll(() => rmSync(scratchFolder, { recursive: true, force: true }));

const description = { name: 'test', role: 'documents', wordClass: 'test', weight: 1 } as const;

interface Sentence {
  readonly terms: readonly string[];
  readonly isStart: boolean;
  readonly isEnd: boolean;
  readonly count: number;
}

const term = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'ab', 'abc', 'b', 'é', '日本', '\u{1F600}', 'a!', NUMBER, 'zzzzzzzz') },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 400 }).map((i) => `w${i * 7919}`) },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(300), 'x'.repeat(5000)) },
);
const sentence: fc.Arbitrary<Sentence> = fc.record({
  terms: fc.array(term, { maxLength: 12 }),
  isStart: fc.boolean(),
  isEnd: fc.boolean(),
  count: fc.integer({ min: 1, max: 1000 }),
});

/** Counts with strings and Maps, one for each order. */
function countPlainly(sentences: readonly Sentence[]): Map<string, number>[] {
  const maps = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  for (const { terms, isStart, isEnd, count } of sentences) {
    if (terms.length === 0) continue;
    const run = [...(isStart ? [SENTENCE_START] : []), ...terms, ...(isEnd ? [SENTENCE_END] : [])];
    for (let order = 1; order <= 3; order++) {
      for (let i = 0; i + order <= run.length; i++) {
        const gram = run.slice(i, i + order).join(' ');
        maps[order - 1]!.set(gram, (maps[order - 1]!.get(gram) ?? 0) + count);
      }
    }
  }
  return maps;
}

function count(sentences: readonly Sentence[], memoryBytes: number, minCounts: readonly number[]): CountedFile {
  const counter = new NgramCounter({ scratchFolder, memoryBytes });
  for (const { terms, isStart, isEnd, count } of sentences) {
    for (const term of terms) {
      if (term === NUMBER) counter.number();
      else expect(counter.word(term)).toBe(true);
    }
    counter.closeSentence(isStart, isEnd, count);
  }
  return counter.finish(description, minCounts);
}

function entriesOf(file: CountedFile, order: 1 | 2 | 3): [string, number][] {
  const out: [string, number][] = [];
  for (const cursor = file.ngrams(order); cursor.next(); ) {
    out.push([Buffer.from(cursor.key.subarray(0, cursor.keyEnd)).toString(), cursor.count]);
  }
  return out;
}

const byBytes = ([a]: [string, number], [b]: [string, number]) => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('NgramCounter', () => {
  it('counts as Maps of strings do, in byte order, whatever the memory', () => {
    fc.assert(
      fc.property(
        fc.array(sentence, { maxLength: 150 }),
        fc.constantFrom(0, 1 << 24),
        fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 500 }), fc.constant(1)),
        (sentences, memoryBytes, minCounts) => {
          const file = count(sentences, memoryBytes, minCounts);
          const expected = countPlainly(sentences).map((map, i) =>
            [...map].filter(([, count]) => count >= minCounts[i]!).sort(byBytes),
          );
          expect([entriesOf(file, 1), entriesOf(file, 2), entriesOf(file, 3)]).toEqual(expected);
          expect(file.sizes).toEqual(expected.map((entries) => entries.length));
          expect(file.tokenCount).toBe(sentences.reduce((sum, { terms, count }) => sum + terms.length * count, 0));
          file.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('writes out and merges when the budget is small', () => {
    const sentences: Sentence[] = [];
    for (let i = 0; i < 4000; i++) {
      const terms = [`w${(i * 37) % 997}`, `w${(i * 91) % 1013}`, `v${(i * 13) % 89}`];
      sentences.push({ terms, isStart: true, isEnd: true, count: 1 });
    }
    const counter = new NgramCounter({ scratchFolder, memoryBytes: 1 << 15 });
    for (const { terms } of sentences) {
      for (const term of terms) counter.word(term);
      counter.closeSentence(true, true, 1);
    }
    expect(counter.spillCount).toBeGreaterThan(5);
    expect(counter.gramCount).toBe(4000 * (5 + 4 + 3));
    const file = counter.finish(description, [1, 1, 1]);
    const expected = countPlainly(sentences);
    for (const order of [1, 2, 3] as const) {
      expect(entriesOf(file, order)).toEqual([...expected[order - 1]!].sort(byBytes));
      // A second cursor starts at the beginning.
      expect(entriesOf(file, order).length).toBe(expected[order - 1]!.size);
    }
    file.close();
  });

  it('counts an entry of a list as itself alone', () => {
    const counter = new NgramCounter({ scratchFolder, memoryBytes: 1 << 20 });
    for (const [text, count] of [
      ['new york', 7],
      ['york', 2],
      ['new york city', 3],
      ['a b c d', 9],
    ] as const) {
      for (const word of text.split(' ')) counter.word(word);
      counter.closeGram(count);
    }
    const file = counter.finish({ ...description, role: 'ngrams' }, [1, 1, 1]);
    expect(file.tokenCount).toBe(7);
    expect(entriesOf(file, 1)).toEqual([['york', 2]]);
    expect(entriesOf(file, 2)).toEqual([['new york', 7]]);
    expect(entriesOf(file, 3)).toEqual([['new york city', 3]]);
    file.close();
  });

  it('refuses terms that would break the order of keys', () => {
    const counter = new NgramCounter({ scratchFolder, memoryBytes: 1 << 20 });
    for (const text of ['', 'a b', 'é b', '\u0001', 'a\n', '\u0002']) expect(counter.word(text)).toBe(false);
    expect(counter.length).toBe(0);
    counter.close();
  });

  it('refuses what would make the sum of all counts more than a double holds exactly, and counts on', () => {
    const counter = new NgramCounter({ scratchFolder, memoryBytes: 1 << 20 });
    const count = (term: string, times: number) => {
      counter.word(term);
      counter.closeSentence(false, false, times);
    };
    count('a', Number.MAX_SAFE_INTEGER - 1);
    expect(() => count('b', 2)).toThrow(InvalidLine);
    count('c', 1);
    const file = counter.finish(description, [1, 1, 1]);
    expect(file.tokenCount).toBe(Number.MAX_SAFE_INTEGER);
    expect(entriesOf(file, 1)).toEqual([
      ['a', Number.MAX_SAFE_INTEGER - 1],
      ['c', 1],
    ]);
    file.close();
  });

  it('leaves nothing in the scratch folder', () => {
    expect(readdirSync(scratchFolder)).toEqual([]);
  });
});
