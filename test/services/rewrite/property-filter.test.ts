import fc from 'fast-check';
import { FilterError, parseFilter, parseSort } from '../../../services/rewrite/property-filter.ts';

const PROPERTIES = {
  tenant: 'x',
  level: 2,
  tags: ['a', 'b'],
  on: true,
  none: null,
  'odd name': { inner: "it's" },
};
const holds = (expression: string) => parseFilter(`$[?(${expression})]`)(PROPERTIES);

describe('a filter', () => {
  it.each([
    "@.tenant == 'x'",
    '@["tenant"] == "x"',
    "@['odd name'].inner == 'it\\'s'",
    "@.tenant != 'y'",
    '@.missing != 1',
    '@.level >= 2 && @.level < 2.5',
    '@.level > -1e1',
    '@.tags contains "b"',
    "@.tenant contains 'x'",
    "@.tenant in ['y', 'x']",
    '@.level nin [1, 3]',
    '@.on == true && @.none == null',
    '@.none',
    '!@.missing',
    "(@.tenant == 'y' || @.on == true) && !(@.level == 1)",
    "@.tenant == 'y' || @.tenant == 'x' && @.level == 2",
  ])('%s holds', (expression) => {
    expect(holds(expression)).toBe(true);
  });

  it.each([
    "@.tenant == 'X'",
    '@.level == "2"',
    '@.tenant < 3',
    '@.missing',
    '@.missing == null',
    "@.tags contains 'c'",
    "@.tags == 'a'",
    '@.level in ["2"]',
    '@.missing < 1',
    '@.tenant.inner',
    '@.constructor',
    '@.tags.length',
  ])('%s does not', (expression) => {
    expect(holds(expression)).toBe(false);
  });

  it.each([
    '',
    '@.a',
    '$[?()]',
    '$[?(@.a ==)]',
    '$[?(@.a = 1)]',
    '$[?(@.a == b)]',
    '$[?(1 == @.a)]',
    '$[?(@..a)]',
    '$[?(@.a[0])]',
    '$[?(@.a =~ /x/)]',
    '$[?((@.a)]',
    '$[?(@.a))]',
    '$[?(@.a in [])]',
    '$[?(@.a @.b)]',
    '$[?(@.a == "x)]',
    `$[?(${'('.repeat(40)}@.a${')'.repeat(40)})]`,
    `$[?(@.a == '${'x'.repeat(1000)}')]`,
  ])('%s is none', (text) => {
    expect(() => parseFilter(text)).toThrow(FilterError);
  });

  it('is read or refused, whatever is written', () => {
    const sign = fc.constantFrom(
      '@.a',
      '==',
      "'x'",
      '1',
      '(',
      ')',
      '&&',
      '||',
      '!',
      'in',
      '[',
      ']',
      ',',
      'contains',
      '<',
      '\\',
      '"',
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 12 }), (signs) => {
        try {
          expect(typeof parseFilter(`$[?(${signs.join(' ')})]`)({ a: 'x' })).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(FilterError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a sort', () => {
  it('is a property and a direction', () => {
    expect([parseSort('level desc'), parseSort(' a.b  ASC ')]).toEqual([
      { property: 'level', isFalling: true },
      { property: 'a.b', isFalling: false },
    ]);
    expect(['', 'level', 'level down', 'a b asc'].map(parseSort)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
