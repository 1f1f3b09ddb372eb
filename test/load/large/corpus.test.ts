import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCorpus } from '../../../load/large/corpus.ts';
import { pseudoWords } from '../../../load/large/pseudo-words.ts';
import { readPool } from '../../../load/workloads/pool.ts';

const WORDS = ['kitchen', 'chicken', 'table', 'tablet', 'chair', 'lamp', 'laptop', 'rubber', 'number', 'member'];

describe('made words', () => {
  it('are distinct, none of the list, and the same for the same seed', () => {
    const { words } = readPool({});
    const made = pseudoWords(words, 200, 1);
    expect(new Set(made).size).toBe(200);
    expect(made.some((word) => words.includes(word))).toBe(false);
    expect(made.every((word) => /^[a-z]{4,12}$/.test(word))).toBe(true);
    expect(pseudoWords(words, 200, 1)).toEqual(made);
    expect(pseudoWords(words, 200, 2)).not.toEqual(made);
  });

  it('come to an end where the list is too short for so many', () => {
    expect(() => pseudoWords(WORDS, 100, 1)).toThrow(/give a longer one/);
  });
});

describe('made text', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'emend-corpus-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const textOf = (words: readonly string[], tokens: number, seed: number): string => {
    const path = join(folder, 'text.txt');
    writeCorpus(path, words, { tokens, seed });
    return readFileSync(path, 'utf8');
  };

  it('has every word, and the first ones oftenest', () => {
    const words = Array.from({ length: 1000 }, (_, i) => `word${i}`);
    const counts = new Map<string, number>();
    for (const token of textOf(words, 50_000, 1).trim().split(/\s+/)) counts.set(token, (counts.get(token) ?? 0) + 1);
    expect(counts.size).toBe(1000);
    const head = words.slice(0, 10).reduce((sum, word) => sum + (counts.get(word) ?? 0), 0);
    const tail = words.slice(-10).reduce((sum, word) => sum + (counts.get(word) ?? 0), 0);
    expect(head).toBeGreaterThan(20 * tail);
  });

  it('is the same for the same seed', () => {
    expect(textOf(WORDS, 500, 3)).toBe(textOf(WORDS, 500, 3));
    expect(textOf(WORDS, 500, 3)).not.toBe(textOf(WORDS, 500, 4));
  });
});
