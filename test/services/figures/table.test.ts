import { markdownTable } from '../../../services/figures/markdown.ts';
import { percent, percentWithin, short } from '../../../services/figures/numbers.ts';
import { renderTables } from '../../../services/figures/table.ts';

describe('renderTables', () => {
  const table = {
    title: 'T',
    columns: ['set', 'n'],
    rows: [
      ['a|b', '10'],
      ['c', '9'],
    ],
    note: 'N',
  };

  it('aligns text', () => {
    expect(renderTables([table], 'text')).toBe('T\n\nset   n\n---  --\na|b  10\nc     9\n\nN\n');
  });

  it('writes Markdown', () => {
    expect(renderTables([table], 'markdown')).toBe(
      '**T**\n\n| set | n |\n| --- | ---: |\n| a\\|b | 10 |\n| c | 9 |\n\nN\n',
    );
  });
});

describe('markdownTable', () => {
  it('sets numbers right, in columns as wide as their cells', () => {
    expect(markdownTable(['set', 'figure'], [['a|b', 10]])).toBe(
      '| set  | figure |\n| ---- | -----: |\n| a\\|b |     10 |\n',
    );
  });

  it('sets text left where asked', () => {
    expect(markdownTable(['x', 'why'], [['1', 'none']], 'left')).toBe(
      '| x   | why  |\n| --- | ---- |\n| 1   | none |\n',
    );
  });
});

describe('numbers', () => {
  it('are shares in percent, with an interval, none told apart', () => {
    expect([percent(0.12345), percent(null), percentWithin(0.5, 0.4, 0.6)]).toEqual(['12.3', '-', '50.0 [40.0, 60.0]']);
  });

  it('keep three significant digits', () => {
    expect([0.5, 12.34, 1234.5, Number.NaN].map(short)).toEqual(['0.50', '12.3', '1,235', '-']);
  });
});
