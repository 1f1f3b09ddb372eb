import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge, type Outcome } from '../../../../services/evaluate/judge/outcome.ts';
import { encodeRows, readRows } from '../../../../services/evaluate/judge/rows-file.ts';
import { diffRuns, diffTable, signTest } from '../../../../services/evaluate/report/diff.ts';
import { figuresOf } from '../../../../services/evaluate/score/figures.ts';

function outcome(line: number, input: string, rights: string[], rewritten: string, confidence: number): Outcome {
  const decision = input === rewritten ? 'none' : confidence > 0.9 ? 'auto' : 'suggest';
  const alternatives = [
    { query: 'a|b\\', confidence: 1 / 3 },
    { query: 'c', confidence: 0.01 },
  ];
  return judge(
    { line, input, rights },
    { rewritten, decision, search: decision === 'auto' ? rewritten : input, confidence, alternatives },
  );
}

const BEFORE = [
  outcome(1, 'teh', ['the', 'ten'], 'the', 0.95),
  outcome(2, 'colr', ['color'], 'colr', 0.5),
  outcome(5, 'kirsten', ['kirsten'], 'kristen', 0.7),
  outcome(6, 'zara', ['zara'], 'zara', 0.99),
];

const AFTER = [
  outcome(1, 'teh', ['the', 'ten'], 'the', 0.85),
  outcome(2, 'colr', ['color'], 'color', 0.5),
  outcome(5, 'kirsten', ['kirsten'], 'kirsten', 0.7),
  outcome(6, 'zara', ['zara'], 'sara', 0.6),
  outcome(9, 'new', ['new'], 'new', 0.6),
];

describe('rows file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'emend-rows-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = () => join(folder, 'rows.tsv');

  it('gives the same judgement and figures when read back', async () => {
    writeFileSync(path(), encodeRows([{ name: 'x', outcomes: BEFORE }]));
    const [set] = await readRows(path());
    expect(set).toEqual({ name: 'x', outcomes: BEFORE });
    expect(figuresOf('x', set?.outcomes ?? [], 0, 0.06)).toEqual(figuresOf('x', BEFORE, 0, 0.06));
  });

  it('has a header and a line a row', () => {
    const lines = encodeRows([{ name: 'x', outcomes: BEFORE }]).split('\n');
    expect(lines[0]).toMatch(/^set\tline\tinput\tright\trewritten\tdecision\tconfidence\tverdict/);
    expect(lines[1]?.split('\t').slice(0, 9)).toEqual([
      'x',
      '1',
      'teh',
      'the|ten',
      'the',
      'auto',
      '0.95',
      'fixed',
      'fixed',
    ]);
    expect(lines).toHaveLength(BEFORE.length + 2);
  });

  it.each([
    ['another file', 'teh\tthe\n', /columns of "emend eval --rows"/],
    ['a cut line', `${encodeRows([{ name: 'x', outcomes: BEFORE }])}x\t1\tteh\n`, /line 6: expected 14 fields/],
  ])('refuses %s', async (_, content, message) => {
    writeFileSync(path(), content);
    await expect(readRows(path())).rejects.toMatchObject({
      code: 'EVALUATE_FORMAT',
      message: expect.stringMatching(message),
    });
  });
});

describe('diffRuns', () => {
  const [diff] = diffRuns([{ name: 'x', outcomes: BEFORE }], [{ name: 'x', outcomes: AFTER }], 'suggest');

  it('lists what was gained and lost', () => {
    expect(
      diff?.gained.map(({ input, before, after, verdictBefore, verdictAfter }) => [
        input,
        before,
        after,
        verdictBefore,
        verdictAfter,
      ]),
    ).toEqual([
      ['colr', 'colr', 'color', 'missed', 'fixed'],
      ['kirsten', 'kristen', 'kirsten', 'broken', 'kept'],
    ]);
    expect(diff?.lost.map(({ input }) => input)).toEqual(['zara']);
  });

  it('counts both runs over the rows that both have', () => {
    expect(diff).toMatchObject({ rows: 4, unmatched: 1, fixBefore: 1, fixAfter: 2, brokenBefore: 1, brokenAfter: 1 });
    expect(diffTable(diff === undefined ? [] : [diff], 'suggest').note).toMatch(/left out/);
  });

  it('sees at auto level what only there is lost', () => {
    const [auto] = diffRuns([{ name: 'x', outcomes: BEFORE }], [{ name: 'x', outcomes: AFTER }], 'auto');
    expect(auto?.lost.map(({ input }) => input)).toEqual(['teh']);
    expect(auto?.gained).toEqual([]);
  });

  it('compares only sets that both runs have', () => {
    expect(diffRuns([{ name: 'x', outcomes: BEFORE }], [{ name: 'y', outcomes: AFTER }], 'suggest')).toEqual([]);
  });
});

describe('signTest', () => {
  it.each([
    [0, 0, 1],
    [5, 5, 1],
    // 2 * (1 + 10) / 1024
    [9, 1, 0.021484375],
    [1, 9, 0.021484375],
    [10, 0, 0.001953125],
  ])('gives for %i gained and %i lost p = %d', (gained, lost, p) => {
    expect(signTest(gained, lost)).toBeCloseTo(p, 10);
  });

  it('does not underflow into certainty', () => {
    expect(signTest(1500, 1500)).toBe(1);
    expect(signTest(1600, 1400)).toBeGreaterThan(1e-5);
  });
});
