import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../data/package-root.ts';
import { readEvalSet } from '../../../services/evaluate/rows/eval-rows.ts';
import { type Compiled, compiledProgram } from '../../support/compiled.ts';

/** The real queries of two shops that no part of the model has seen, each labelled by hand: data/README.md. */
const SHOPS = ['wands_furniture', 'chorus_electronics'];

/**
 * What may happen to them before a change counts as a step back. Measured when this was written: 13 of the 596 right queries
 * changed at suggest level and 3 at auto level, 7 of the 19 misspelled ones put right and 13 with the right answer among
 * five. The slack is for changes that are better elsewhere: on so few rows a retrained model moves some either way.
 */
const BOUNDS = { brokenAtSuggest: 18, brokenAtAuto: 4, fixedAtLeast: 5, amongFiveAtLeast: 11 };

/** Half a minute by itself; ten and more times that on a machine with much other work. */
const BUILD_TIMEOUT_MS = 1_200_000;

/** The part of `emend eval --json` that is asked about. */
interface Figures {
  readonly all: {
    readonly needCorrection: number;
    readonly correct: number;
    readonly suggest: { readonly verdicts: { readonly fixed: number; readonly broken: number } };
    readonly auto: { readonly verdicts: { readonly broken: number } };
    readonly top5: { readonly hits: number };
  };
}

describe('the labelled queries of two shops', () => {
  const fileOf = (shop: string, extension: string) => join(packageRoot(), 'data', 'queries', `${shop}.${extension}`);

  it.each(SHOPS)('has a label for every query of %s, in order', async (shop) => {
    const queries = readFileSync(fileOf(shop, 'txt'), 'utf8').trimEnd().split('\n');
    const { rows, skipped } = await readEvalSet(fileOf(shop, 'tsv'));
    expect(skipped).toBe(0);
    expect(rows.map(({ input }) => input)).toEqual(queries.map((query) => query.trim().replace(/ +/g, ' ')));
  });

  describe('with the bundled dataset', () => {
    let program: Compiled | undefined;
    let folder: string;
    let figures: Figures['all'];

    // The program builds its bundled dataset where there is none yet, as for whoever starts it first: once.
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'emend-shops-'));
      program = await compiledProgram();
      const files = SHOPS.map((shop) => fileOf(shop, 'tsv'));
      const { stdout } = await promisify(execFile)(process.execPath, [program.emend, 'eval', ...files, '--json'], {
        cwd: folder,
        env: { PATH: process.env['PATH'] },
        maxBuffer: 16 << 20,
        timeout: BUILD_TIMEOUT_MS,
      });
      figures = (JSON.parse(stdout) as Figures).all;
    }, BUILD_TIMEOUT_MS + 60_000);
    afterAll(() => {
      program?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    it('answers what README.md says', async () => {
      const readme = readFileSync(join(packageRoot(), 'README.md'), 'utf8');
      const rows = [...readme.matchAll(/^\| `([^`]+)` +\| (?:`([^`]+)`)?.*\| `(none|suggest|auto)` +\|$/gm)];
      const shown = rows.map(([, query = '', rewritten = query, decision]) => ({ query, rewritten, decision }));
      expect(shown).toHaveLength(8);
      const [, json = ''] = /```json5\n([\s\S]*?)```/.exec(readme) ?? [];
      const { confidence, edits, ...answer } = JSON.parse(json.replaceAll(/ \/\/.*$/gm, '')) as {
        readonly query: string;
        readonly confidence: number;
        readonly edits: readonly { readonly confidence: number }[];
      };
      const args = [program?.emend ?? '', 'rewrite', '--rules', join(folder, 'rules')];
      const running = promisify(execFile)(process.execPath, args, { cwd: folder });
      running.child.stdin?.end([...shown.map(({ query }) => query), answer.query].join('\n'));
      const answers = (await running).stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      expect(answers.slice(0, -1)).toMatchObject(shown);
      expect(answers.at(-1)).toMatchObject({
        ...answer,
        confidence: expect.closeTo(confidence, 2),
        edits: edits.map((edit) => ({ ...edit, confidence: expect.closeTo(edit.confidence, 2) })),
      });
    });

    it('leaves right queries alone, most of all unasked', () => {
      expect(figures.correct).toBe(596);
      expect(figures.suggest.verdicts.broken).toBeLessThanOrEqual(BOUNDS.brokenAtSuggest);
      expect(figures.auto.verdicts.broken).toBeLessThanOrEqual(BOUNDS.brokenAtAuto);
    });

    it('puts misspelled ones right, or has the right answer among five', () => {
      expect(figures.needCorrection).toBe(19);
      expect(figures.suggest.verdicts.fixed).toBeGreaterThanOrEqual(BOUNDS.fixedAtLeast);
      expect(figures.top5.hits).toBeGreaterThanOrEqual(BOUNDS.amongFiveAtLeast);
    });
  });
});
