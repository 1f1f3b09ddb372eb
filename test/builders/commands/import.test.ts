import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../builders/commands/import.ts';
import { fileInput } from '../../../builders/sources/input.ts';
import { readQueries } from '../../../builders/sources/queries.ts';
import { captureIo } from '../../support/command-io.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-import-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const QUERIES = [
  { user_query: 'red\tlamp', session_id: 's1', timestamp: '2026-01-02T03:04:05Z', query_response_hit_ids: [] },
  { user_query: '"quoted, lamp', query_response_hit_ids: ['a', 'b'] },
];

/** What a build reads of a log. */
async function readBack(path: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  const options = { invalid: { skip: false, count: 0, first: '' } };
  await readQueries(fileInput(path), { bytes: 0, sha256: '' }, options, (query, count, hits, visit) => {
    rows.push([query, count, hits, visit.clicks, visit.session, visit.timeMs]);
  });
  return rows;
}

it.each(['log.tsv', 'log.jsonl'])('writes a %s that a build reads with the same meaning', async (name) => {
  writeFileSync(join(folder, 'ubi'), QUERIES.map((one) => JSON.stringify(one)).join('\n'));
  const io = captureIo({ cwd: folder });
  expect(await run(['log', 'ubi', 'ubi', '--out', name], io)).toBe(0);
  expect(await readBack(join(folder, name))).toEqual([
    [name === 'log.tsv' ? 'red lamp' : 'red\tlamp', 1, 0, -1, 's1', Date.parse('2026-01-02T03:04:05Z')],
    ['"quoted, lamp', 1, 2, -1, '', Number.NaN],
  ]);
  expect(io.out()).toBe('');
  expect(io.err()).toMatch(/read 2 lines, wrote 2 rows for 2 searches/);
});

it('reads standard input and writes to standard output, and says that clicks are unknown then', async () => {
  const io = captureIo({ stdin: `${JSON.stringify(QUERIES[1])}\n` });
  expect(await run(['log', 'ubi', '-'], io)).toBe(0);
  expect(io.out()).toBe('query\tcount\thits\tclicks\tsession\ttime\n"quoted, lamp\t1\t2\t\t\t\n');
  expect(io.err()).toMatch(/clicks are unknown: standard input and pipes cannot be read twice/);
});

it('leaves the file that was there when a line cannot be understood', async () => {
  writeFileSync(join(folder, 'log.tsv'), 'before');
  writeFileSync(join(folder, 'ubi'), '{"user_query":"a"}\nnonsense\n');
  await expect(run(['log', 'ubi', 'ubi', '--out', 'log.tsv'], captureIo({ cwd: folder }))).rejects.toMatchObject({
    code: 'BUILD_INPUT',
    message: expect.stringMatching(/^ubi:2: .*--skip-invalid$/),
  });
  expect(readFileSync(join(folder, 'log.tsv'), 'utf8')).toBe('before');
  expect(readdirSync(folder).sort()).toEqual(['log.tsv', 'ubi']);
});

it.each([
  [['log', 'klingon', 'x'], /expected a format of ubi, slow-log/],
  [['log', 'ubi'], /expected a FILE/],
  [['rules', 'x'], /expected "log", found "rules"/],
  [['log', 'ubi', '-', '-'], /only once/],
  [['log', 'ubi', 'x', '--query-param', 'q'], /--query-param is for solr, not for ubi/],
  [['log', 'slow-log', 'x', '--query-pointer', 'query'], /expected a JSON pointer/],
  [['log', 'ubi', 'x', '--to', 'xml'], /--to: expected tsv or jsonl, found "xml"/],
])('refuses %j', async (args, message) => {
  await expect(run(args, captureIo())).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(message),
  });
});
