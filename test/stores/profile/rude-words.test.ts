import { join } from 'node:path';
import { decodeRudeWords, encodeRudeWords, NO_RUDE_WORDS, readRudeWords } from '../../../stores/profile/rude-words.ts';
import { ENGLISH, ENGLISH_FOLDER } from '../../support/english.ts';
import { codeOf } from '../../support/error-code.ts';

const words = { rude: ['knickers', 'blow torch', "bob's"], polite: ['bob cut'] };
const plain = () => JSON.parse(encodeRudeWords(words));
const codeFor = (value: unknown) => codeOf(() => decodeRudeWords(JSON.stringify(value), 'rude.json'));

describe('rude.json', () => {
  it('comes back as it was written; a language may have none', () => {
    expect(decodeRudeWords(encodeRudeWords(words), 'rude.json')).toEqual(words);
    expect(readRudeWords(join(ENGLISH_FOLDER, 'none.json'))).toEqual(NO_RUDE_WORDS);
  });

  it('is refused with anything but terms', () => {
    expect(codeFor({})).toBe('STORE_FOREIGN');
    expect(codeFor({ ...plain(), formatVersion: 2 })).toBe('STORE_VERSION');
    for (const change of [
      { more: [] },
      { rude: 'knickers' },
      { rude: [''] },
      { rude: ['Knickers'] },
      { polite: ['a  b'] },
    ]) {
      expect(codeFor({ ...plain(), ...change })).toBe('DATASET_INVALID');
    }
  });
});

describe('the rude words of English', () => {
  const { rude, polite } = ENGLISH.rudeWords;

  it('are each there once, in order', () => {
    for (const list of [rude, polite]) expect([...new Set(list)].sort()).toEqual(list);
  });

  it('have their inflections, and nothing that only looks like them', () => {
    for (const word of ['fuck', 'fucks', 'fucked', 'fucking', 'fucker', 'shitty', 'bitches', 'arseholes', 'wankers']) {
      expect(rude).toContain(word);
    }
    for (const word of [
      'cockpit',
      'scunthorpe',
      'shiitake',
      'matsushita',
      'snigger',
      'assess',
      'dickens',
      'titmouse',
      'fcuk',
    ]) {
      expect(rude).not.toContain(word);
    }
  });

  it('are polite only in phrases that have a rude word', () => {
    const single = new Set(rude.filter((text) => !text.includes(' ')));
    const isNeeded = (phrase: string) => phrase.split(' ').some((word) => single.has(word.replace(/'s$/, '')));
    expect(polite.filter((phrase) => !isNeeded(phrase))).toEqual([]);
  });
});
