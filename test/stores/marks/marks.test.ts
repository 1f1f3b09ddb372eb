import { Marks } from '../../../stores/marks/marks.ts';

describe('letters with marks', () => {
  const marks = new Marks();

  it.each<[string, string[]]>([
    ['münchen', ['munchen', 'muenchen']],
    ['ærø', ['aero', 'aeroe']],
    ['łódź', ['lodz']],
    ['ışık', ['isik']],
    ['đoković', ['dokovic', 'djokovic']],
    ['þór', ['thor']],
    ['ἀθήνα', ['αθηνα']],
    ['ёлка', ['елка']],
    ['fjällräven', ['fjallraven', 'fjaellraven', 'fjallraeven', 'fjaellraeven']],
    // A mark that no letter has by itself.
    ['x\u0323', ['x']],
    ['poet', []],
    ['が 각', []],
  ])('are written without in "%s"', (text, spellings) => {
    expect([...marks.spellings(text)].sort()).toEqual([...spellings].sort());
    expect(marks.isMarked(text)).toBe(spellings.length > 0);
  });

  it('are all plain or all written out where mixtures are many', () => {
    expect(marks.spellings('öüöüö')).toEqual(['ououo', 'oeueoeueoe']);
    expect(marks.spellings('öüö').length).toBe(8);
    expect(marks.spellings('é'.repeat(40))).toEqual(['e'.repeat(40)]);
  });

  it('are written as the language says where it says so', () => {
    const own = new Marks({ ö: ['o'], č: ['c', 'ch'], й: [] });
    expect(own.spellings('öč')).toEqual(['oc', 'och']);
    expect(own.isMarked('й')).toBe(false);
    expect(own.spellings('ü')).toEqual(['u', 'ue']);
    expect(own.writtenOut).toContainEqual(['ch', 'č']);
  });
});
