import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { StrictValue } from '../../../stores/json/strict-value.ts';
import { MAX_KEY_LENGTH, PhoneticKeys } from '../../../stores/phonetic/keys.ts';
import { type PhoneticRules, phoneticJson, readPhoneticRules } from '../../../stores/phonetic/rules.ts';
import { readLanguage } from '../../../stores/profile/language.ts';
import { englishKey } from '../../support/english-key.ts';

const ENGLISH = join(import.meta.dirname, '../../../data/languages/en');
const RULES = readLanguage(join(ENGLISH, 'language.json')).phonetic as PhoneticRules;
const english = new PhoneticKeys(RULES);

type Write = (units: Uint16Array, length: number, out: Uint8Array) => number;

function written(word: string, write: Write): string {
  const out = new Uint8Array(MAX_KEY_LENGTH);
  const length = write(
    Uint16Array.from({ length: word.length }, (_, i) => word.charCodeAt(i)),
    word.length,
    out,
  );
  return String.fromCharCode(...out.subarray(0, length));
}

function keyOf(word: string, keys = english): string {
  return written(word, (units, length, out) => keys.write(units, length, out));
}

function read(rules: unknown): PhoneticRules {
  return readPhoneticRules(new StrictValue(rules, { file: 'language.json', remedy: 'correct the file' }));
}

function keysBy(letters: Record<string, unknown>): PhoneticKeys {
  return new PhoneticKeys(read({ version: 1, ignored: "'", letters }));
}

describe('the phonetic rules of English', () => {
  it.each([
    ['reciptical', 'receptacle'],
    ['milwoki', 'milwaukee'],
    ['fizzix', 'physics'],
    ['spicket', 'spigot'],
    ['restaint', 'resistant'],
    ['medialons', 'medallions'],
    ['egnighter', 'igniter'],
    ['nite', 'knight'],
    ['assesories', 'accessories'],
    ['kichen', 'kitchen'],
    ['rong', 'wrong'],
    ['sychology', 'psychology'],
    ['tomm', 'tomb'],
    ['dogs', "dog's"],
  ])('is the same for %s and %s', (typed, meant) => {
    expect(keyOf(typed)).toBe(keyOf(meant));
  });

  it.each([
    ['receptacle', 'RSPTKL'],
    ['examination', 'AKSMNXN'],
    ['xylophone', 'SLFN'],
    ['whale', 'WL'],
    ['anticonstitutionally', 'ANTKNSTXNL'],
    ['', ''],
    ['straße', ''],
    ['b2b', ''],
  ])('of %s is %j', (word, key) => {
    expect(keyOf(word)).toBe(key);
  });

  it('is upper-case letters, none twice in a row, at most ten', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z'-]{0,40}$/), (word) => {
        expect(keyOf(word)).toMatch(/^(?:([A-Z])(?!\1)){0,10}$/);
      }),
    );
  });

  it('give every word the key that the rules in code gave it', () => {
    const words = gunzipSync(readFileSync(join(ENGLISH, 'words/scowl_american_huge.txt.gz'))).toString('latin1');
    const names = gunzipSync(readFileSync(join(ENGLISH, 'names/people_names_cspell.txt.gz'))).toString('utf8');
    const list = `${words}\n${names}`.toLowerCase().split('\n');
    expect(list.length).toBeGreaterThan(380_000);
    const differing = list.filter((word) => keyOf(word) !== written(word, englishKey));
    expect(differing).toEqual([]);
    const letters = fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz'-".split('')), maxLength: 24 });
    const anything = fc.string({ unit: fc.constantFrom(..."cghmbtpwknsxiaeo'-.5ßé中 ".split('')), maxLength: 9 });
    fc.assert(
      fc.property(fc.oneof(letters, anything, fc.string({ unit: 'binary' })), (word) => {
        expect(keyOf(word)).toBe(written(word, englishKey));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('PhoneticKeys', () => {
  it('takes the first rule that fits the place of a letter', () => {
    const keys = keysBy({
      s: [
        { before: ['ch'], sounds: 'X' },
        { after: ['^'], before: ['t', 'p'], sounds: 'X' },
        { before: ['s$'], sounds: '' },
        { sounds: 'S' },
      ],
      c: [{ after: ['s', 'x'], before: ['h'], sounds: '' }, { sounds: 'K' }],
      h: [
        { after: ['sc', '^c'], sounds: '' },
        { first: true, sounds: 'H' },
        { after: ['a'], before: ['$'], sounds: 'R' },
      ],
      t: 'T',
      a: 'A',
      ä: 'E',
      z: 'TS',
    });
    expect(keyOf('schatz', keys)).toBe('XATS');
    expect(keyOf('stast', keys)).toBe('XTAST');
    expect(keyOf('tass', keys)).toBe('TAS');
    expect(keyOf('tassa', keys)).toBe('TASA');
    expect(keyOf('chat', keys)).toBe('KAT');
    expect(keyOf('hähah', keys)).toBe('HEAR');
    expect(keyOf("'hät", keys)).toBe('HET');
    expect(keyOf("'stat", keys)).toBe('STAT');
    expect(keyOf('öl', keys)).toBe('');
  });

  it('agrees with a plain reading of the rules, whatever they are', () => {
    const unit = fc.constantFrom('a', 'b', 'c', 'd');
    const context = fc.string({ unit, minLength: 1, maxLength: 3 });
    const rule = fc.record(
      {
        first: fc.constant(true as const),
        after: fc.array(
          fc.oneof(
            context,
            fc.constant('^'),
            context.map((text) => `^${text}`),
          ),
          { minLength: 1, maxLength: 3 },
        ),
        before: fc.array(
          fc.oneof(
            context,
            fc.constant('$'),
            context.map((text) => `${text}$`),
          ),
          { minLength: 1, maxLength: 3 },
        ),
        sounds: fc.string({ unit: fc.constantFrom('A', 'B', 'C'), maxLength: 2 }),
      },
      { requiredKeys: ['sounds'] },
    );
    const rules = fc.array(rule, { minLength: 1, maxLength: 4 });
    const letters = fc.record({ a: rules, b: rules, c: rules });
    fc.assert(
      fc.property(
        letters,
        fc.array(fc.string({ unit: fc.constantFrom(..."aabbcc'd".split('')), maxLength: 8 })),
        (by, words) => {
          const parsed = read({ version: 1, ignored: "'", letters: by });
          const keys = new PhoneticKeys(parsed);
          for (const word of words) expect(keyOf(word, keys)).toBe(plainly(word, parsed));
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** The key of a word by the rules in FORMAT.md. */
function plainly(word: string, { ignored, letters }: PhoneticRules): string {
  let key = '';
  let isFirst = true;
  for (let i = 0; i < word.length && key.length < MAX_KEY_LENGTH; i++) {
    const letter = word[i]!;
    if (ignored.includes(letter)) continue;
    if (letters[letter] === undefined) return '';
    const before = `^${word.slice(0, i)}`;
    const behind = `${word.slice(i + 1)}$`;
    const rule = letters[letter].find(
      ({ first, after, before: next }) =>
        (!first || isFirst) &&
        (after === undefined || after.some((context) => before.endsWith(context))) &&
        (next === undefined || next.some((context) => behind.startsWith(context))),
    );
    isFirst = false;
    for (const sound of rule?.sounds ?? '') {
      if (key.length < MAX_KEY_LENGTH && key.at(-1) !== sound) key += sound;
    }
  }
  return key;
}

describe('phonetic rules as JSON', () => {
  it('come back as they were written', () => {
    expect(read(JSON.parse(JSON.stringify(phoneticJson(RULES))))).toEqual(RULES);
  });

  it.each<[string, unknown]>([
    ['no letters', { version: 1, ignored: '', letters: {} }],
    ['a version below 1', { version: 0, ignored: '', letters: { a: 'A' } }],
    ['a letter of two', { version: 1, ignored: '', letters: { ch: 'X' } }],
    ['a capital letter', { version: 1, ignored: '', letters: { A: 'A' } }],
    ['a letter without rules', { version: 1, ignored: '', letters: { a: [] } }],
    ['a rule without sounds', { version: 1, ignored: '', letters: { a: [{ first: true }] } }],
    ['sounds in lower case', { version: 1, ignored: '', letters: { a: 'a' } }],
    ['too many sounds', { version: 1, ignored: '', letters: { a: 'ABCDE' } }],
    ['an unknown condition', { version: 1, ignored: '', letters: { a: [{ last: true, sounds: 'A' }] } }],
    ['a condition that is off', { version: 1, ignored: '', letters: { a: [{ first: false, sounds: 'A' }] } }],
    ['no contexts', { version: 1, ignored: '', letters: { a: [{ before: [], sounds: 'A' }] } }],
    ['an empty context', { version: 1, ignored: '', letters: { a: [{ before: [''], sounds: 'A' }] } }],
    ['the beginning behind a letter', { version: 1, ignored: '', letters: { a: [{ before: ['^b'], sounds: 'A' }] } }],
    ['the end before a letter', { version: 1, ignored: '', letters: { a: [{ after: ['b$'], sounds: 'A' }] } }],
  ])('are refused with %s', (_, rules) => {
    expect(() => read(rules)).toThrow(expect.objectContaining({ code: 'DATASET_INVALID' }));
  });
});
