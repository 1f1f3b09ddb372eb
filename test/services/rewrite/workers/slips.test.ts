import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { type TinyPipelines, tinyPipelines } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
});
afterAll(() => tiny.close());

const readings = (query: string, options = {}) =>
  tiny.pipeline().explore(query, { ...DEFAULT_OPTIONS, ...options }).readings;

describe('a letter held down', () => {
  it.each([
    ['shoeees', 'shoes'],
    ['wirelessss headphones', 'wireless headphones'],
    ['speakeeeer', 'speaker'],
    ['hotellls', 'hotels'],
    ['ccccity', 'city'],
    // One letter of two, or both.
    ['nottttebook', 'notebook'],
    ['wirelesss', 'wireless'],
    // And a slip besides.
    ['speakrrrr', 'speaker'],
  ])('may stand once or twice: %j may be %j', (query, right) => {
    expect(readings(query)).toContain(right);
  });

  it('explains the word: terms two edits away are not looked for', () => {
    expect(readings('shoeees')).toEqual(expect.arrayContaining(['shoeees', 'shoes']));
    expect(readings('shoeees')).toHaveLength(2);
  });

  it('stays where no edits are allowed, and takes no second slip where one is', () => {
    expect(readings('shoeees', { maxEdits: 0 })).toEqual(['shoeees']);
    expect(readings('speakrrrr', { maxEdits: 1 })).not.toContain('speaker');
  });
});

describe('a hyphen within a word', () => {
  it.each([
    ['head-phones case', 'headphones case'],
    ['wire-less speaker', 'wireless speaker'],
    ['speak-er', 'speaker'],
    // With a letter wrong.
    ['head-phnes', 'headphones'],
  ])('may be needless: %j may be %j', (query, right) => {
    expect(readings(query)).toContain(right);
  });

  it.each([
    // Both sides are words as they stand.
    ['new-york hotels', 'newyork hotels'],
    ['speak--er', 'speaker'],
    ['speak -er', 'speak er'],
  ])('stays where it may be meant: %j is not %j', (query, right) => {
    expect(readings(query)).not.toContain(right);
  });

  it('leaves no prefix twice', () => {
    for (const text of readings('head-phones')) expect(text).not.toContain('head-head');
  });
});

describe('words run together, one of them misspelled', () => {
  it.each([
    ['wirelessbluetoothspeakr', 'wireless bluetooth speaker'],
    ['adidasruningshoes', 'adidas running shoes'],
    ['newyorkcityhotles', 'new york city hotels'],
    ['wirelesheadphonesforrunning', 'wireless headphones for running'],
  ])('are cut into however many: %j may be %j', (query, right) => {
    expect(readings(query)).toContain(right);
  });

  it('are left alone where they are right, too short or too long', () => {
    expect(readings('newyorkcityhotels')[0]).toBe('new york city hotels');
    expect(readings('a'.repeat(60))).toEqual(['a'.repeat(60)]);
  });
});
