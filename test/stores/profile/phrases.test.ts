import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePhraseWeights, PHRASE_EVIDENCE } from '../../../stores/profile/phrases.ts';
import { codeOf } from '../../support/error-code.ts';

const FILE = join(import.meta.dirname, '../../../data/languages/en/phrases.json');
const TEXT = readFileSync(FILE, 'utf8');

function changed(change: object): string {
  return JSON.stringify({ ...JSON.parse(TEXT), ...change });
}

describe('the weights of phrases', () => {
  it('are read as the language has them, those of titles of two, three and four words among them', () => {
    const { weights, transitions, titles } = decodePhraseWeights(TEXT, FILE);
    const file = JSON.parse(TEXT);
    expect([...weights]).toEqual(PHRASE_EVIDENCE.map((name) => file.weights[name]));
    expect([transitions, titles]).toEqual([file.transitions, file.titles]);
    expect(titles).toHaveLength(3);
  });

  it('are refused in another version, without a member, and with too many', () => {
    const decode = (text: string) => codeOf(() => decodePhraseWeights(text, 'phrases.json'));
    expect(decode(changed({ formatVersion: 1 }))).toBe('STORE_VERSION');
    expect(decode(changed({ titles: undefined }))).toBe('DATASET_INVALID');
    expect(decode(changed({ titles: [1, 2] }))).toBe('DATASET_INVALID');
    expect(decode(changed({ titles: [1, 2, 3, 4] }))).toBe('DATASET_INVALID');
  });
});
