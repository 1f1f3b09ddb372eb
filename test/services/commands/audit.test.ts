import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run as build } from '../../../builders/commands/build.ts';
import { readQueryLog } from '../../../builders/import/read-query-log.ts';
import { type AuditDeps, auditWith } from '../../../services/commands/audit.ts';
import { captureIo, NO_DEPS } from '../../support/command-io.ts';

const DEPS: AuditDeps = {
  ...NO_DEPS,
  build,
  readLog: async (spec, { cwd }, skipInvalid, take) => await readQueryLog(spec, cwd, skipInvalid, take),
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emend-audit-'));
  const documents = ['wireless headphones for running', 'adidas running shoes', 'notebook computer zyntrax'];
  writeFileSync(join(folder, 'docs.txt'), `${Array.from({ length: 9 }, () => documents.join('\n')).join('\n')}\n`);
  writeFileSync(
    join(folder, 'log.tsv'),
    'query\tcount\thits\nwireles headphones\t7\t0\nrunning shoes\t20\t5\nwireless headphones\t9\t3\n',
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function audit(...args: string[]): Promise<{ code: number; out: string }> {
  const io = captureIo({ cwd: folder });
  const code = await auditWith([...args, '--rules', join(folder, 'rules')], io, DEPS);
  return { code, out: io.out() };
}

it('builds a dataset of documents and log, and writes the page; nothing else is left', async () => {
  const { code, out } = await audit('--docs', 'docs.txt', '--queries', 'log.tsv', '--out', 'page.html', '--json');
  expect(code).toBe(0);
  const report = JSON.parse(out);
  expect(report.log).toMatchObject({ rows: 3, searches: 36, zeroSearches: 7, goodSearches: 29 });
  expect(report.auto.changed.searches + report.suggest.changed.searches).toBe(7);
  expect(report.vocabulary.learned.words).toContainEqual({ word: 'zyntrax', why: 'documents' });
  expect(readFileSync(join(folder, 'page.html'), 'utf8')).toContain('wireles headphones');
  expect(
    readdirSync(folder)
      .filter((name) => name !== 'rules')
      .sort(),
  ).toEqual(['docs.txt', 'log.tsv', 'page.html']);
});

it('keeps the dataset where it is asked to, and audits one that is built', async () => {
  await audit('--docs', 'docs.txt', '--queries', 'log.tsv', '--out', 'a.html', '--keep', 'shop');
  expect(existsSync(join(folder, 'shop', 'manifest.json'))).toBe(true);
  const { code, out } = await audit('--dataset', 'shop', '--queries', 'log.tsv:count=', '--out', 'b.html');
  expect(code).toBe(0);
  expect(out).toMatch(/^3 searches, 3 different queries, 3 looked at\n/);
});

it.each([
  [['--out', 'x'], /expected --queries FILE/],
  [['--queries', 'log.tsv'], /expected --out FILE/],
  [['--queries', '-', '--out', 'x'], /found standard input/],
  [['--queries', 'log.tsv', '--out', 'x', '--dataset', 'd', '--docs', 'docs.txt'], /choose one/],
  [['--queries', 'log.tsv', '--out', 'x', '--memory', '1G'], /expected --docs, --words or --bundled/],
  [['--queries', 'log.tsv', '--out', 'x', '--limit', '0'], /--limit takes a whole number/],
])('refuses %j', async (args, message) => {
  await expect(audit(...args)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) });
});

it('reads the log before anything is built', async () => {
  writeFileSync(join(folder, 'bad.tsv'), 'query\tcount\nlamp\tmany\n');
  const run = audit('--docs', 'docs.txt', '--queries', 'bad.tsv', '--out', 'x.html', '--keep', 'shop');
  await expect(run).rejects.toMatchObject({ code: 'BUILD_INPUT', message: expect.stringMatching(/^bad.tsv:2: /) });
  expect(existsSync(join(folder, 'shop'))).toBe(false);
});
