import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CRAFTED_COUNT, crafted, fuzzed } from '../../../load/attack/requests.ts';
import { seededRandom } from '../../../services/figures/random.ts';
import { type Compiled, compiledProgram } from '../../support/compiled.ts';
import { buildTinyDataset } from '../../support/tiny-dataset.ts';

describe('the attack', () => {
  let program: Compiled;
  let folder: string;
  let dataset: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-attack-test-'));
    [program, dataset] = await Promise.all([compiledProgram(), buildTinyDataset(folder)]);
  }, 120_000);
  afterAll(() => {
    program?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes the same requests of the same seed', () => {
    const some = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 50 }, () => fuzzed(random).toString('latin1'));
    };
    expect(some(3)).toEqual(some(3));
    expect(some(3)).not.toEqual(some(4));
    expect(crafted(7)).toEqual(crafted(7 + CRAFTED_COUNT));
  });

  // Nothing in it is timed: only what must never be.
  it('finds nothing that ends a process, hangs, fails or is left half made', async () => {
    const json = join(folder, 'attack.json');
    const run = join(dirname(dirname(program.emend)), 'load', 'attack', 'run.js');
    const args = [run, '--minutes', '0.4', '--dataset', dataset, '--program', program.emend, '--json', json];
    const out = await new Promise<string>((resolve) => {
      execFile(process.execPath, args, { cwd: folder }, (_error, stdout, stderr) => resolve(stdout + stderr));
    });
    const report = JSON.parse(readFileSync(json, 'utf8')) as {
      tally: { sent: Record<string, number>; failures: Record<string, number>; hung: string[] };
      observed: { aborts: number; exit: string };
      flips: { tried: number; untyped: number; wrong: number };
      kills: { builds: number; imports: number; broken: string[] };
    };
    expect(out).toContain('| requests sent');
    expect(Object.keys(report.tally.sent)).toHaveLength(8);
    expect(Object.keys(report.tally.failures).filter((code) => !code.startsWith('503'))).toEqual([]);
    expect(report.tally.hung).toEqual([]);
    expect(report.observed).toMatchObject({ aborts: 0, exit: '0' });
    expect(report.flips).toMatchObject({ untyped: 0, wrong: 0 });
    expect(report.kills.broken).toEqual([]);
    for (const tried of [report.flips.tried, report.kills.builds, report.kills.imports])
      expect(tried).toBeGreaterThan(0);
  }, 90_000);
});
