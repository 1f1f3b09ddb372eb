import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { run } from '../../../builders/commands/build.ts';
import { Met, piecesOf } from '../../../load/catalogue/pieces.ts';
import { createRewriter } from '../../../services/library.ts';
import { captureIo } from '../../support/command-io.ts';
import { ENGLISH_FOLDER } from '../../support/english.ts';

/** One in so many descriptions of packages: those from the 53rd on have words that their authors misspelled. */
const EVERY = 60;
const FIRST = 52;

function piecesIn(title: string): string[] {
  const pieces: string[] = [];
  piecesOf(title, (piece, words) => pieces.push(`${words} ${piece}`));
  return pieces;
}

describe('the pieces of a title', () => {
  it('are its rows of one to three words, as they are written', () => {
    expect(piecesIn(' a  b, (c) d')).toEqual([
      '1 a',
      '2 a  b,',
      '3 a  b, (c)',
      '1 b,',
      '2 b, (c)',
      '3 b, (c) d',
      '1 (c)',
      '2 (c) d',
      '1 d',
    ]);
    expect(piecesIn('')).toEqual([]);
  });

  it('are told from others that were met, as far as there is room', () => {
    const met = new Met(1 << 16);
    const texts = Array.from({ length: 2000 }, (_, i) => `piece ${i}`);
    expect(texts.filter((text) => met.test(text))).toEqual([]);
    expect(texts.filter((text) => met.test(text)).length).toBeGreaterThan(1900);
  });
});

describe('a catalogue', () => {
  it('is left alone: no piece of a title is changed unasked, though some of its words are misspelled', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emend-catalogue-'));
    try {
      const all = gunzipSync(readFileSync(join(ENGLISH_FOLDER, 'docs', 'debian_short_descriptions.txt.gz')));
      const titles = all
        .toString('utf8')
        .split('\n')
        .filter((_, i) => i % EVERY === FIRST);
      writeFileSync(join(folder, 'titles.txt'), titles.join('\n'));
      const inputs = ['--docs', 'titles.txt'];
      for (const [flag, file] of [
        ['--words', 'lm/symspell_unigrams_en_82765.txt.gz'],
        ['--misspellings', 'misspellings/common_en.tsv.gz'],
      ] as const) {
        inputs.push(flag, join(ENGLISH_FOLDER, file));
      }
      const io = captureIo({ cwd: folder });
      expect([await run(['--out', 'data', ...inputs], io), io.err()]).toEqual([0, '']);
      const rewriter = createRewriter(join(folder, 'data'));
      const changed: string[] = [];
      let pieces = 0;
      let offered = 0;
      const met = new Met();
      for (const title of titles) {
        piecesOf(title, (piece) => {
          if (met.test(piece)) return;
          pieces++;
          const { search, decision } = rewriter.rewrite(piece, { alternatives: 0 });
          if (search !== piece) changed.push(`${piece} -> ${search}`);
          if (decision !== 'none') offered++;
        });
      }
      // Misspelled or not, they are found as they are: the owner's words are offered other ones at most.
      expect(changed).toEqual([]);
      expect(rewriter.rewrite('modul')).toMatchObject({ decision: 'suggest', rewritten: 'module' });
      expect(pieces).toBeGreaterThan(10_000);
      expect(offered / pieces).toBeLessThan(0.008);
      rewriter.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
