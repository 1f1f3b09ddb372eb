import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DEFAULT_MIN_SESSIONS } from '../../../builders/build/plan.ts';
import { run } from '../../../builders/commands/build.ts';
import { NgramCounter } from '../../../builders/count/ngram-counter.ts';
import { SessionRepeats } from '../../../builders/extract/session-repeats.ts';
import { encodeUtf8 } from '../../../stores/bytes/utf8.ts';
import { openDataset } from '../../../stores/dataset/open.ts';
import { captureIo } from '../../support/command-io.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'emend-privacy-'));
  writeFileSync(join(cwd, 'docs.txt'), 'wireless headphones\nred shoes\n');
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const HEADER = 'query\tcount\tsession\n';

async function build(log: string, ...args: string[]): Promise<{ out: string; dir: string }> {
  writeFileSync(join(cwd, 'log.tsv'), log);
  rmSync(join(cwd, 'data'), { recursive: true, force: true });
  const io = captureIo({ cwd });
  expect(await run(['--out', 'data', '--docs', 'docs.txt', '--queries', 'log.tsv', ...args], io)).toBe(0);
  return { out: io.out(), dir: join(cwd, 'data') };
}

function knows(dir: string, term: string): boolean {
  const dataset = openDataset(dir);
  const key = encodeUtf8(term);
  const found = dataset.stores.terms.find(key, 0, key.length) >= 0;
  dataset.close();
  return found;
}

/** The bytes of all files of a dataset. */
function bytesOf(dir: string): Buffer {
  return Buffer.concat(readdirSync(dir).map((name) => readFileSync(join(dir, name))));
}

const often = (query: string, sessions = 9) =>
  Array.from({ length: sessions }, (_, i) => `${query}\t\tt${i}\n`).join('');

describe('what few people typed', () => {
  it('is in no file of the dataset, however often one of them typed it', async () => {
    const rows = [
      'qwyzzlebert vandermoot\t1\ts1\n'.repeat(50),
      'qwyzzlebert vandermoot 12 elm street\t400\ts1\n',
      'grumblewick lane\t1\ts2\n',
      'zyxwob zyxwob zyxwob zyxwob\t1\t\n',
      often('red garden hose'),
    ];
    const { dir, out } = await build(HEADER + rows.join(''));
    const bytes = bytesOf(dir);
    for (const term of ['qwyzzlebert', 'vandermoot', 'grumblewick', 'elm', 'street', 'zyxwob']) {
      expect([term, knows(dir, term), bytes.includes(term)]).toEqual([term, false, false]);
    }
    for (const term of ['garden', 'hose', 'red']) expect(knows(dir, term)).toBe(true);
    expect(out).toMatch(/left out of the query logs: 7 words, \d+ pairs and \d+ triples .* fewer than 2 sessions and/);
  });

  it('is known where documents have it, or a list that somebody has looked through', async () => {
    const { dir } = await build(`${HEADER}wireless grumblewick\t1\ts1\n${often('hose')}`);
    expect([knows(dir, 'wireless'), knows(dir, 'grumblewick')]).toEqual([true, false]);
    writeFileSync(join(cwd, 'list.tsv'), 'grumblewick\t1\n');
    writeFileSync(join(cwd, 'list.json'), JSON.stringify({ queries: [{ file: 'list.tsv', minSessions: 1 }] }));
    const { dir: curated } = await build(`${HEADER}grumblewick qwyzzlebert\t1\ts1\n`, '--config', 'list.json');
    expect([knows(curated, 'grumblewick'), knows(curated, 'qwyzzlebert')]).toEqual([true, false]);
  });

  it('is told by its count where the log names no sessions, which the summary says', async () => {
    const { dir, out } = await build(
      `query\tcount\ngrumblewick\t${DEFAULT_MIN_SESSIONS - 1}\nhose\t${DEFAULT_MIN_SESSIONS}\n`,
    );
    expect([knows(dir, 'grumblewick'), knows(dir, 'hose')]).toEqual([false, true]);
    expect(out).toContain('fewer than 2 times (the log names no sessions)');
    const { out: json } = await build('query\tcount\ngrumblewick\t1\n', '--json');
    expect(JSON.parse(json).parameters).toMatchObject({ minSessions: 2, sessions: false, rareWords: 1 });
  });

  it('is counted over all files of the log', async () => {
    for (const i of [1, 2]) writeFileSync(join(cwd, `log${i}.tsv`), `${HEADER}grumblewick\t1\ts${i}\nhose\t1\ts0\n`);
    const { dir } = await build(
      `${HEADER}grumblewick\t1\ts3\nhose\t1\ts0\n`,
      '--queries',
      'log1.tsv',
      '--queries',
      'log2.tsv',
    );
    expect([knows(dir, 'grumblewick'), knows(dir, 'hose')]).toEqual([true, false]);
  });

  it('has a threshold that can be set', async () => {
    const log = HEADER + often('hose', 5);
    expect(knows((await build(log, '--min-sessions', '6')).dir, 'hose')).toBe(false);
    expect(knows((await build(log, '--min-sessions', '5')).dir, 'hose')).toBe(true);
    writeFileSync(join(cwd, 'six.json'), JSON.stringify({ minSessions: 6 }));
    expect(knows((await build(log, '--config', 'six.json')).dir, 'hose')).toBe(false);
    expect(knows((await build(`${HEADER}grumblewick\t1\ts1\n`, '--min-sessions', '1')).dir, 'grumblewick')).toBe(true);
    await expect(build(log, '--min-sessions', '0')).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('personal data', () => {
  it('never enters, however many people typed it', async () => {
    const planted = [
      'john.qwyzzle@vandermoot.com',
      'mail john.qwyzzle@vandermoot please',
      'qwyzzle@vandermoot',
      'qwyzzle @ vandermoot.com',
      'QWYZZLE＠vandermoot．com',
      '"o\'qwyzzle@vandermoot.com"',
      'mailto:qwyzzle@vandermoot.com',
      'call +49 (0)170 5550 1234',
      '555-867-5309',
      'card 4111 1111 1111 1111',
      '4111-1111-1111-1111',
      'visa4111111111111111',
      'iban DE89 3704 0044 0532 0130 00',
      'DE89370400440532013000',
      'account ٠١٢٣٤٥٦٧٨٩',
    ];
    const { dir } = await build(HEADER + planted.map((query) => often(query)).join(''));
    const bytes = bytesOf(dir).toString('latin1').toLowerCase();
    for (const part of ['qwyzzle', 'vandermoot', '5550', '8675309', '867-5309', '4111', '370400', 'de89', '012345']) {
      expect([part, bytes.replace(/"(sha256|id)": "[^"]*"/g, '').includes(part)]).toEqual([part, false]);
    }
    expect(bytes.includes('٠١٢')).toBe(false);
    for (const term of ['call', 'card', 'iban', 'account', 'please']) expect(knows(dir, term)).toBe(true);
  });
});

describe('SessionRepeats', () => {
  it('leaves of the counts in how many sessions each n-gram was typed, as a naive count does', () => {
    const row = fc.record({
      query: fc.array(fc.constantFrom('red', 'hat', 'shoe', '7'), { minLength: 1, maxLength: 4 }),
      session: fc.constantFrom('', 'a', 'b', 'c'),
      count: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const options = { scratchFolder: cwd, memoryBytes: 1 << 20 };
        const counter = new NgramCounter(options);
        const repeats = new SessionRepeats(cwd, 1 << 20);
        const sessions = new Map<string, Set<string>>();
        const anonymous = new Map<string, number>();
        for (const { query, session, count } of rows) {
          repeats.countQuery(counter, query.join(' '), count, session);
          const run = ['\u0002', ...query.map((term) => (term === '7' ? '\u0001' : term)), '\u0003'];
          const grams = new Set(
            [1, 2, 3].flatMap((n) => run.slice(n - 1).map((_, i) => run.slice(i, i + n).join(' '))),
          );
          for (const gram of grams) {
            if (session === '') anonymous.set(gram, (anonymous.get(gram) ?? 0) + count);
            else sessions.set(gram, (sessions.get(gram) ?? new Set()).add(session));
          }
        }
        const counted = counter.finish({ name: '', role: 'queries', wordClass: '', weight: 1 }, [1, 1, 1]);
        const repeated = repeats.finish();
        const left = new Map<string, number>();
        for (const order of [1, 2, 3] as const) {
          for (const [file, sign] of [
            [counted, 1],
            [repeated, -1],
          ] as const) {
            for (const cursor = file?.ngrams(order); cursor?.next(); ) {
              const gram = Buffer.from(cursor.key.subarray(0, cursor.keyEnd)).toString();
              left.set(gram, (left.get(gram) ?? 0) + sign * cursor.count);
            }
          }
        }
        const expected = new Map(
          [...new Set([...sessions.keys(), ...anonymous.keys()])].map((gram) => [
            gram,
            (sessions.get(gram)?.size ?? 0) + (anonymous.get(gram) ?? 0),
          ]),
        );
        expect(left).toEqual(expected);
        counted.close();
        repeated?.close();
      }),
      { numRuns: 60, seed: 15 },
    );
  });
});
