import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../services/commands/why.ts';
import type { Why } from '../../../services/rewrite/why/account.ts';
import { captureIo } from '../../support/command-io.ts';
import { buildTinyDataset } from '../../support/tiny-dataset.ts';

describe('emend why', () => {
  let cwd: string;
  let dataset: string;
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'emend-why-'));
    dataset = await buildTinyDataset(cwd);
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  async function why(...args: string[]) {
    const io = captureIo({ cwd });
    const unused = () => Promise.reject(new Error('nothing is to be built'));
    const code = await run(['--dataset', dataset, ...args], io, { ensureBundled: unused, stageDataset: unused });
    return { code, out: io.out(), err: io.err() };
  }

  it('tells people the query, the answer, the wanted text, what is in the way and a remedy', async () => {
    const { code, out } = await why('wireles', 'xylofone', '--want', 'wireless xylophone');
    expect(code).toBe(0);
    expect(out).toMatch(/^query {5}wireles xylofone$/m);
    expect(out).toMatch(/^obstacle {2}"xylofone" -> "xylophone": unknown-word \(xylophone\)$/m);
    expect(out).toMatch(/^ {10}emend rules add vocabulary 'xylophone'$/m);
  });

  it('tells what each feature adds', async () => {
    const { out } = await why('wireles', 'headphones', '--want', 'wireless headphones');
    expect(out).toMatch(/^wanted {4}wireless headphones {2}\((auto|suggest|unsure): /m);
    expect(out).toMatch(/^replaced +1 +0 +-\d/m);
  });

  it('tells a line for each row of a file, of several right texts the nearest, and JSON for programs', async () => {
    writeFileSync(
      join(cwd, 'wrong.tsv'),
      'Wireles headphones\tthe best earphones in town|wireless headphones\nxqzv\tadidas\n',
    );
    const { out } = await why('--file', 'wrong.tsv');
    expect(out).toMatch(/^2 queries: /);
    expect(out).toMatch(/^xqzv +adidas +not-proposed .*too-far$/m);
    const told = (await why('--file', 'wrong.tsv', '--json')).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Why);
    expect(told.map(({ want }) => want)).toEqual(['wireless headphones', 'adidas']);
    expect(told[0]?.wanted?.probability).toBeGreaterThan(0);
  });

  it.each([
    [['wireles']],
    [['--want', 'wireless']],
    [['wireles', '--want', ' ']],
    [['wireles', '--file', 'wrong.tsv']],
    [['--file', 'wrong.tsv', '--want', 'wireless']],
    [['x'.repeat(20_000), '--want', 'wireless']],
  ])('refuses what cannot be asked: %j', async (args) => {
    await expect(why(...args)).rejects.toMatchObject({ code: 'USAGE' });
  });
});
