import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../data/package-root.ts';
import { type Compiled, compiledProgram } from '../../support/compiled.ts';

/** Inputs of kinds that correctors do harm on, or leave alone: a file for each kind, as `emend eval` reads it, written by hand. */
const KINDS = join(packageRoot(), 'test', 'kinds');

/** How many of each kind are right at least, at suggest level. None may be changed into something wrong at auto level. */
const RIGHT_AT_LEAST: Readonly<Record<string, number>> = {
  apostrophes: 18,
  'glued-digits': 12,
  'letters-and-digits': 60,
  'look-alikes': 9,
  rude: 12,
  'function-words': 19,
  hyphens: 14,
  'joined-names': 10,
  'names-left-alone': 40,
  'repeated-letters': 17,
  'run-ons': 15,
  'run-ons-with-slip': 20,
  'web-misspellings': 30,
};

const BUILD_TIMEOUT_MS = 1_200_000;

/** The part of `emend eval --json` that is asked about. */
interface Figures {
  readonly sets: readonly {
    readonly set: string;
    readonly suggest: { readonly verdicts: { readonly fixed: number; readonly kept: number } };
    readonly auto: { readonly verdicts: { readonly wrong: number; readonly broken: number } };
  }[];
}

describe('kinds of errors, with the bundled dataset', () => {
  const kinds = readdirSync(KINDS).map((file) => file.replace('.tsv', ''));
  let program: Compiled | undefined;
  let folder: string;
  let sets: Figures['sets'];

  // The program builds its bundled dataset where there is none yet, once.
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-kinds-'));
    program = await compiledProgram();
    const files = kinds.map((kind) => join(KINDS, `${kind}.tsv`));
    const { stdout } = await promisify(execFile)(process.execPath, [program.emend, 'eval', ...files, '--json'], {
      cwd: folder,
      env: { PATH: process.env['PATH'] },
      maxBuffer: 16 << 20,
      timeout: BUILD_TIMEOUT_MS,
    });
    sets = (JSON.parse(stdout) as Figures).sets;
  }, BUILD_TIMEOUT_MS + 60_000);
  afterAll(() => {
    program?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('names a bound for each kind', () => {
    expect(kinds.toSorted()).toEqual(Object.keys(RIGHT_AT_LEAST).toSorted());
  });

  it.each(Object.entries(RIGHT_AT_LEAST))('%s: at least %i are right', (kind, least) => {
    const { fixed, kept } = sets.find(({ set }) => set === kind)!.suggest.verdicts;
    expect(fixed + kept).toBeGreaterThanOrEqual(least);
  });

  it.each(Object.keys(RIGHT_AT_LEAST))('%s: nothing wrong is done unasked', (kind) => {
    const { wrong, broken } = sets.find(({ set }) => set === kind)!.auto.verdicts;
    expect({ wrong, broken }).toEqual({ wrong: 0, broken: 0 });
  });
});
