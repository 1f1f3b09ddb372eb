import { markedAs } from '../../../../services/rewrite/propose/marked-as.ts';
import { Marks } from '../../../../stores/marks/marks.ts';

describe('a word marked as another', () => {
  it.each([
    ['munchen', 'münchen', 'münchen'],
    ['muenchen', 'münchen', 'münchen'],
    ['müller', 'mueller', 'mueller'],
    ['müller', 'muller', 'muller'],
    ['múnchen', 'münchen', 'münchen'],
    ['smorrebroed', 'smørrebrød', 'smørrebrød'],
    // A slip beside stays.
    ['schluesel', 'schlüssel', 'schlüsel'],
    ['kaercherr', 'kärcher', 'kärcherr'],
    ['oeuvr', 'œuvre', 'œuvr'],
    ['bruedre', 'brüder', 'brüdre'],
    ['x\u0323a', 'xa', 'xa'],
    // None has marks; letters that are not one but for their marks.
    ['poet', 'pot', 'poet'],
    ['bär', 'bor', 'bär'],
    ['', 'é', ''],
    ['a'.repeat(65), 'ä', 'a'.repeat(65)],
  ])('"%s" as "%s" is "%s"', (typed, meant, marked) => {
    expect(markedAs(typed, meant, new Marks())).toBe(marked);
  });
});
