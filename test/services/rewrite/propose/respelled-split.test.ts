import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { FEATURE_NAMES } from '../../../../services/rewrite/rank/features.ts';
import { type TinyPipelines, tinyPipelines } from '../../../support/tiny-pipeline.ts';

let tiny: TinyPipelines;
beforeAll(async () => {
  tiny = await tinyPipelines();
});
afterAll(() => tiny.close());

const readings = (query: string, maxEdits = 2) =>
  tiny.pipeline().explore(query, { ...DEFAULT_OPTIONS, maxEdits }).readings;

describe('words run together, one of them misspelled', () => {
  it.each([
    ['wirelesheadphones', 'wireless headphones'],
    ['wirelessheadphnes', 'wireless headphones'],
    // The two words share a letter.
    ['adidaspeaker case', 'adidas speaker case'],
    ['adidasshos', 'adidas shoes'],
  ])('reads %j as %j', (query, right) => {
    expect(readings(query)).toContain(right);
  });

  it('leaves them alone where no edits are allowed, or one slip explains them', () => {
    expect(readings('wirelesheadphones', 0)).toEqual(['wirelesheadphones']);
    expect(readings('headphonesss')).not.toContain('headphones is');
  });

  it('have a feature of their own, beside those of the slip', () => {
    const at = (name: string) => (FEATURE_NAMES as readonly string[]).indexOf(name);
    const found = tiny.pipeline().analyse('wirelesheadphones', DEFAULT_OPTIONS);
    const { features } = found.find(({ text }) => text === 'wireless headphones')!;
    expect(['split', 'splitReplaced', 'replaced', 'splitPrefix'].map((name) => features[at(name)])).toEqual([
      1, 1, 1, 0,
    ]);
  });
});
