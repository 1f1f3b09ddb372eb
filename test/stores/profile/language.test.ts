import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../../../stores/errors.ts';
import { decodeLanguage, encodeLanguage, readLanguage } from '../../../stores/profile/language.ts';
import { ENGLISH, ENGLISH_FOLDER } from '../../support/english.ts';

const plain = () => JSON.parse(readFileSync(join(ENGLISH_FOLDER, 'language.json'), 'utf8'));

function codeOf(value: unknown): string {
  try {
    decodeLanguage(typeof value === 'string' ? value : JSON.stringify(value), 'language.json');
    return 'read';
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    throw error;
  }
}

describe('language.json', () => {
  it('comes back as it was written, whatever its layout', () => {
    const text = encodeLanguage(ENGLISH.language);
    expect(decodeLanguage(text, 'language.json')).toEqual(ENGLISH.language);
    expect(encodeLanguage(decodeLanguage(text, 'language.json'))).toBe(text);
    const silent = { ...ENGLISH.language, phonetic: null, ampersand: '' };
    expect(decodeLanguage(encodeLanguage(silent), 'language.json')).toEqual(silent);
    const marked = { ...ENGLISH.language, marks: { ä: ['a', 'ae'], й: [] } };
    expect(decodeLanguage(encodeLanguage(marked), 'language.json')).toEqual(marked);
  });

  it('tells other JSON, other versions and a missing file apart', () => {
    expect(codeOf('{')).toBe('DATASET_INVALID');
    expect(codeOf({})).toBe('STORE_FOREIGN');
    expect(codeOf({ ...plain(), formatVersion: 2 })).toBe('STORE_VERSION');
    expect(() => readLanguage(join(ENGLISH_FOLDER, 'none.json'))).toThrow(
      expect.objectContaining({ code: 'STORE_NOT_FOUND' }),
    );
  });

  it('is refused with a member missing, unknown or of another type, and says which', () => {
    for (const name of Object.keys(plain())) {
      if (['format', 'formatVersion', 'ampersand'].includes(name)) continue;
      const { [name]: _, ...rest } = plain();
      expect(() => decodeLanguage(JSON.stringify(rest), 'f')).toThrow(new RegExp(`^f: ${name}: expected a value`));
      expect(codeOf({ ...plain(), [name]: 7 })).toBe('DATASET_INVALID');
    }
    expect(() => decodeLanguage(JSON.stringify({ ...plain(), more: 1 }), 'f')).toThrow(/found "more"/);
  });

  it.each<[string, object]>([
    ['no tag of a language', { language: 'English please' }],
    ['no script', { scripts: [] }],
    ['an unknown script', { scripts: ['Roman'] }],
    ['capital vowels', { vowels: 'AEIOU' }],
    ['letters that terms never have', { keyboardRows: ['qwertzuiopß'] }],
    ['a word of two letters as one of a single', { singleLetterWords: ['an'] }],
    ['an empty ending, which every word has', { neutralEndings: [''] }],
    ['a negative cost', { costs: { errorCost: -1 } }],
    ['a cost that is a text', { costs: { errorCost: '1' } }],
    ['an endless cost', { costs: { errorCost: 1e9 } }],
    ['marks of no letter', { marks: { ae: ['a'] } }],
    ['marks of a letter without', { marks: { a: ['e'] } }],
    ['marks of a capital', { marks: { Ä: ['a'] } }],
    ['a letter that is written as nothing', { marks: { ä: [''] } }],
    ['a letter that is written as itself', { marks: { ä: ['ä'] } }],
    ['a letter that is written as a word', { marks: { ä: ['aeaea'] } }],
    ['spellings that are no list', { marks: { ä: 'ae' } }],
  ])('is refused with %s', (_, change) => {
    expect(codeOf({ ...plain(), ...change })).toBe('DATASET_INVALID');
  });
});
