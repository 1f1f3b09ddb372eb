import { existsSync } from 'node:fs';
import { correctTokens, parseAnswer } from '../../../load/peers/aspell-pipe.ts';
import { judgeOutputs } from '../../../load/peers/judged.ts';
import { PeerProcess, parseAnswerLine } from '../../../load/peers/peer-process.ts';
import { peerTable } from '../../../load/peers/peer-table.ts';
import { correctRuns } from '../../../load/peers/plain-words.ts';
import { halfOf, rowsOfHalf } from '../../../load/peers/rows.ts';
import { isIn } from '../../../load/peers/vocabularies.ts';
import { TermFlag } from '../../../stores/lexicon/format.ts';

const row = (input: string, ...rights: string[]) => ({ line: 1, input, rights });

describe('judging outputs', () => {
  const rows = [
    row('wireles mouse', 'wireless mouse'),
    row('red shose', 'red shoes'),
    row('blue hat', 'blue hat'),
    row('green hat', 'green hat', 'greenhat'),
  ];

  it('counts what came out right, what came out otherwise and what was broken, as `emend eval` does', () => {
    const judged = judgeOutputs(rows, ['Wireless  mouse', 'red hose', 'blue hat', 'greenhat']);
    expect(judged.fix).toMatchObject({ hits: 1, of: 2 });
    expect(judged.wrong).toMatchObject({ hits: 1, of: 2 });
    // One right answer for another breaks nothing.
    expect(judged.broken).toMatchObject({ hits: 0, of: 2 });
    expect(judged.netPerThousand.value).toBeCloseTo(1000 * (0.06 * 0.5));
  });

  it('counts a right query that becomes a wrong one as broken', () => {
    const judged = judgeOutputs(rows, ['wireles mouse', 'red shose', 'blue hut', 'green hat']);
    expect(judged.broken).toMatchObject({ hits: 1, of: 2 });
  });

  it('finds nothing gained and nothing broken where nothing was changed', () => {
    const judged = judgeOutputs(
      rows,
      rows.map(({ input }) => input),
    );
    expect([judged.fix.hits, judged.wrong.hits, judged.broken.hits]).toEqual([0, 0, 0]);
    expect(judged.netPerThousand.value).toBeCloseTo(0);
  });
});

describe('the halves of a file', () => {
  it('go by the first byte of the SHA-1 of the first right answer', () => {
    // printf apple | sha1sum: d0..., banana: 25...
    expect(halfOf(row('aple', 'apple', 'banana'))).toBe('even');
    expect(halfOf(row('bananna', 'banana'))).toBe('odd');
  });

  it('hold every row once', () => {
    const rows = ['apple', 'banana', 'cherry', 'damson', 'elder'].map((right) => row('x', right));
    const set = { name: 'fruit', rows, skipped: 0, firstSkipped: 0 };
    const halves = [rowsOfHalf(set, 'even'), rowsOfHalf(set, 'odd')].flatMap((half) => half.rows);
    expect(halves).toHaveLength(rows.length);
    expect(new Set(halves)).toEqual(new Set(rows));
    expect(rowsOfHalf(set, null).rows).toEqual(rows);
  });
});

describe('the words that a peer is given', () => {
  it('are the runs of plain words, lower-cased; the rest of the query stays', () => {
    const runs: string[][] = [];
    const out = correctRuns("Plywod  panel 3/4 in. don't Café 5mm", (words) => {
      runs.push(words);
      return words.map((word) => `<${word}>`).join(' ');
    });
    expect(runs).toEqual([
      ['plywod', 'panel'],
      ["don't", 'café'],
    ]);
    expect(out).toBe("<plywod> <panel> 3/4 in. <don't> <café> 5mm");
  });
});

describe('aspell -a', () => {
  it('offers words or none', () => {
    expect(parseAnswer('& hedphones 3 8: headphones, head phones, earphones')).toEqual({
      word: 'hedphones',
      best: 'headphones',
    });
    expect(parseAnswer('# xqzw 0')).toEqual({ word: 'xqzw', best: undefined });
    expect(parseAnswer('*')).toBeUndefined();
  });

  it('is asked for plain words alone, and its first offers take their places', async () => {
    const asked: string[] = [];
    const out = await correctTokens('3/4 plywod teh xqzw teh a1', async (line) => {
      asked.push(line);
      return ['& plywod 1 0: plywood', '& teh 2 7: the, tea', '# xqzw 11', '& teh 2 16: tea, the'];
    });
    expect(asked).toEqual(['plywod teh xqzw teh']);
    expect(out).toBe('3/4 plywood the xqzw tea a1');
  });
});

describe("a peer's process", () => {
  const ECHO = `
    process.stdout.write('a library says hello\\nready\\t{"version":"echo 1"}\\n');
    require('node:readline').createInterface({ input: process.stdin })
      .on('line', (line) => console.log(line.toUpperCase() + '\\t1500'));`;

  it('is asked in order, more queries than are under way at once, and tells its memory', async () => {
    const peer = await PeerProcess.start([process.execPath, '-e', ECHO]);
    const queries = Array.from({ length: 200 }, (_, i) => `query ${i}`);
    const answers = await peer.ask(queries);
    expect(answers).toEqual(queries.map((query) => ({ output: query.toUpperCase(), tookMs: 1.5 })));
    expect(peer.version).toBe('echo 1');
    // Only Linux tells.
    if (existsSync('/proc/self/status')) expect(peer.memoryBytes()).toBeGreaterThan(1 << 20);
    await peer.stop();
  });

  it('that ends too early is an error with what it had to say', async () => {
    const start = PeerProcess.start([process.execPath, '-e', 'console.error("no such index"); process.exit(3)']);
    await expect(start).rejects.toThrow('no such index');
  });

  it('must answer output<TAB>microseconds', () => {
    expect(parseAnswerLine('a b\t20')).toEqual({ output: 'a b', tookMs: 0.02 });
    expect(() => parseAnswerLine('a b')).toThrow('expected output<TAB>microseconds');
    expect(() => parseAnswerLine('a\tb')).toThrow('expected output<TAB>microseconds');
  });
});

describe('the vocabularies', () => {
  it('trust what a dictionary or a name list has, unless it is marked as a probable misspelling', () => {
    expect(isIn('trusted', TermFlag.dictionary | TermFlag.web, 5)).toBe(true);
    expect(isIn('trusted', TermFlag.name, 5)).toBe(true);
    expect(isIn('trusted', TermFlag.web, 5)).toBe(false);
    expect(isIn('trusted', TermFlag.dictionary | TermFlag.runOn, 5)).toBe(false);
  });

  it('count the commonest by rank', () => {
    expect([isIn('frequent', 0, 99_999), isIn('frequent', 0, 100_000), isIn('all', 0, 500_000)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

it('the table has a row for every peer that was measured, and its settings below', () => {
  const judged = judgeOutputs([row('teh', 'the'), row('cat', 'cat')], ['the', 'cat']);
  const set = { set: 'pets', rows: 2, outputs: [], ...judged, cpuMs: 0.8, p50Ms: 0.5, p99Ms: 2, meanMs: 0.7 };
  const result = { version: 'speller 2', settings: 'edits 2', sets: [set], memoryBytes: 10 << 20 };
  const text = peerTable([
    { name: 'speller', result },
    { name: 'absent', result: undefined },
  ]);
  expect(text).toContain('| pets (2): fix %');
  expect(text).toMatch(/\| speller +\| 100\.0 +\| 0\.00 +\| \+60\.0 +\| 0\.80 +\| 0\.50 +\| 2\.00 +\| 10 +\|/);
  expect(text).toContain('- speller: speller 2, edits 2');
  expect(text).not.toContain('absent');
});
