import { titleSetOf } from '../../../../builders/assemble/titles.ts';
import type { Arc, Slot } from '../../../../services/rewrite/decode/lattice.ts';
import { TITLED_FEATURES, TitleFeatures } from '../../../../services/rewrite/rank/features-titled.ts';
import type { Lexicon } from '../../../../stores/lexicon/lexicon.ts';
import { tokenise } from '../../../../stores/text/tokenise.ts';
import { encodeTitles } from '../../../../stores/titles/format.ts';
import { Titles } from '../../../../stores/titles/titles.ts';

const TITLES = ['corps', 'paula deen', 'paula dean', 'fao schwarz', 'how green was my', 'peace corps'];
const WORDS = ['deen', 'dean', 'schwarz', 'corps', 'green', 'was', 'peace', 'paula'];
const titles = new Titles(encodeTitles([titleSetOf(TITLES.map((title) => title.split(' ')))]), 'test');
const lexicon = { termCount: WORDS.length + 4, text: (id: number) => WORDS[id - 4] } as unknown as Lexicon;

/** What a change of tokens `from` to `to` (exclusive) into `meant` says, by name; only what is not 0. */
function titled(query: string, from: number, to: number, meant: string): Record<string, number> {
  const slots = tokenise(query, { syntax: 'plain' }).map((token) => ({ token }) as unknown as Slot);
  const features = new TitleFeatures(titles, lexicon);
  // The tables of the query before are used again.
  features.begin(tokenise('a b c d e f g', { syntax: 'plain' }).map((token) => ({ token }) as unknown as Slot));
  features.begin(slots);
  const out = new Float64Array(TITLED_FEATURES.length);
  const ids = meant.split(' ').map((word) => (WORDS.includes(word) ? WORDS.indexOf(word) + 4 : 3));
  features.count({ from, to, ids, text: meant, kind: 'replace' } as unknown as Arc, out, 0);
  return Object.fromEntries(
    TITLED_FEATURES.map((name, i) => [name, out[i]!] as const).filter(([, value]) => value !== 0),
  );
}

describe('titles around a change', () => {
  it('are looked for with what was typed on either side', () => {
    expect(titled('fao swartz toys', 1, 2, 'schwarz')).toEqual({ meantTitle: 1 });
    expect(titled('how gren was my valley', 1, 2, 'green')).toEqual({ meantTitle: 1 });
    expect(titled('the peece corps', 1, 2, 'peace')).toEqual({ meantTitle: 1 });
    expect(titled('fao swartz', 0, 1, 'peace')).toEqual({});
  });

  it('are told apart where they are the whole query, and where both are titles', () => {
    expect(titled('fao swartz', 1, 2, 'schwarz')).toEqual({ meantTitle: 1, meantTitleWhole: 1 });
    expect(titled('paula dean', 1, 2, 'deen')).toEqual({
      typedTitle: 1,
      typedTitleWhole: 1,
      meantTitle: 1,
      meantTitleWhole: 1,
      bothTitles: 1,
    });
    expect(titled('paula dean recipes', 1, 2, 'deen')).toEqual({ typedTitle: 1, meantTitle: 1, bothTitles: 1 });
  });

  it('are made of words that were split, merged or are next to nothing else', () => {
    expect(titled('pauladeen', 0, 1, 'paula deen')).toEqual({ meantTitle: 1, meantTitleWhole: 1 });
    expect(titled('pau la deen', 0, 2, 'paula')).toEqual({ meantTitle: 1, meantTitleWhole: 1 });
    expect(titled('corp', 0, 1, 'corps')).toEqual({ meantTitle: 1, meantTitleWhole: 1 });
    expect(titled('corp leader', 0, 1, 'corps')).toEqual({});
  });

  it('end at signs and numbers, and have no unknown words', () => {
    expect(titled('paula 24 dean', 2, 3, 'deen')).toEqual({});
    expect(titled('paula dene', 1, 2, 'unknown')).toEqual({});
    expect(titled('a b c d e', 0, 5, 'peace')).toEqual({});
  });
});
