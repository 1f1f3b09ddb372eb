import { growth, growthBy, parseFigures } from '../../../load/server/exposition.ts';

const BEFORE = parseFigures(
  '# HELP a b\n# TYPE a counter\na_total{kind="x"} 1\na_total{kind="y",n="1"} 2\nplain 0.5\n',
);
const AFTER = parseFigures('a_total{kind="x"} 4\na_total{kind="y",n="1"} 2.5\na_total{kind="y",n="2"} 1\nplain 1e3\n');

describe('figures of a server', () => {
  it('are read by name and labels', () => {
    expect(Object.fromEntries(BEFORE)).toEqual({ 'a_total{kind="x"}': 1, 'a_total{kind="y",n="1"}': 2, plain: 0.5 });
  });

  it('grow', () => {
    expect(growth(BEFORE, AFTER, 'a_total')).toBe(4.5);
    expect(growth(BEFORE, AFTER, 'plain')).toBe(999.5);
    expect(growth(BEFORE, AFTER, 'missing')).toBe(0);
    expect(Object.fromEntries(growthBy(BEFORE, AFTER, 'a_total', 'kind'))).toEqual({ x: 3, y: 1.5 });
  });
});
