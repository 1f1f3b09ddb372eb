import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_OPTIONS } from '../../../services/rewrite/options.ts';
import type { Pipeline } from '../../../services/rewrite/pipeline.ts';
import { addRules, importRules, undoRules } from '../../../services/rules/import.ts';
import { type LiveRules, openRules } from '../../../services/rules/live-rules.ts';
import { parseRules } from '../../../services/rules/rule-file.ts';
import { partsOf } from '../../../services/tuned-parameters.ts';
import { createLivePipeline } from '../../../services/vocabulary/live-pipeline.ts';
import { withVocabulary } from '../../../services/vocabulary/overlay.ts';
import { BytesRef } from '../../../stores/store.ts';
import { rewriteNow, type TinyPipelines, tinyPipelines } from '../../support/tiny-pipeline.ts';

describe('the vocabulary', () => {
  let tiny: TinyPipelines;
  let folder: string;
  let rules: LiveRules;
  let pipeline: Pipeline;

  beforeAll(async () => {
    tiny = await tinyPipelines();
  }, 60_000);
  afterAll(() => tiny.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'emend-vocabulary-'));
  });
  afterEach(() => {
    rules.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const parsed = (text: string) => parseRules(Buffer.from(text), 'vocabulary', 'v');

  /** A writer and a reader of one folder cannot be in one process at once. */
  function opened(): Pipeline {
    rules = openRules(folder);
    pipeline = createLivePipeline({ ...partsOf(tiny.dataset), rules }, rules);
    return pipeline;
  }

  const answer = (query: string) => {
    const { rewritten, decision } = rewriteNow(pipeline, query);
    return [rewritten, decision];
  };

  /** What a word may become, and whether it is itself known, so that it is never changed unasked. */
  const changesOf = (word: string) =>
    pipeline.analyse(word, DEFAULT_OPTIONS).flatMap(({ edits }) => edits.map(({ to, isKnown }) => ({ to, isKnown })));

  it('makes new terms known, and proposes them for what is near them', () => {
    opened();
    expect(answer('fjallravn')[0]).toBe('fjallravn');
    rules.close();
    importRules(folder, 'vocabulary', parsed('Fjallraven => 20 name\n'));
    opened();
    expect(answer('fjallraven')).toEqual(['fjallraven', 'none']);
    expect(answer('fjallravn wireless headphones')[0]).toBe('fjallraven wireless headphones');
    expect(answer('wireles hedphones')).toEqual(['wireless headphones', 'auto']);
  });

  it('keeps a term from being changed unasked, and takes terms out', () => {
    opened();
    expect(changesOf('speakor')).toEqual([{ to: 'speaker', isKnown: false }]);
    rules.close();
    importRules(folder, 'vocabulary', parsed('speakor => 50\nbluetooth => out\n'));
    opened();
    expect(changesOf('speakor')).toEqual([{ to: 'speaker', isKnown: true }]);
    expect(answer('bluetoth speaker')[0]).toBe('bluetoth speaker');
  });

  it('is followed while queries are answered, and undone', async () => {
    addRules(folder, 'vocabulary', parsed('zzyzx'));
    opened();
    expect(answer('fjallravn')[0]).toBe('fjallravn');
    expect(pipeline.stepMs().get('normalise')).toBeGreaterThan(0);
    rules.close();
    addRules(folder, 'vocabulary', parsed('fjallraven => 20'));
    opened();
    expect(answer('fjallravn')[0]).toBe('fjallraven');
    rules.close();
    undoRules(folder, 'vocabulary');
    opened();
    expect([answer('fjallravn')[0], rules.counts().vocabulary]).toEqual(['fjallravn', 1]);
  });

  it('leaves ids, costs and posting lists of the dataset as they are', () => {
    opened();
    const { stores } = tiny.dataset;
    const standing = { isOut: false, isName: false, perMillion: 1 };
    const over = withVocabulary(stores, [
      ['headphonez', standing],
      ['wireless', { ...standing, isName: true }],
    ]);
    expect(over.lexicon.termCount).toBe(stores.lexicon.termCount + 1);
    for (let id = 0; id < stores.lexicon.termCount; id++) {
      expect([over.lexicon.text(id), over.lexicon.unigramCost(id)]).toEqual([
        stores.lexicon.text(id),
        stores.lexicon.unigramCost(id),
      ]);
    }
    const cursor = stores.deletes1.cursor();
    const [before, after] = [new BytesRef(), new BytesRef()];
    for (let i = 0; i < 500 && cursor.next(); i++) {
      const { bytes, start, end } = cursor.key;
      expect(stores.deletes1.findBytes(bytes, start, end, before)).toBe(true);
      const list = before.copy();
      expect(over.deletes1.findBytes(bytes, start, end, after)).toBe(true);
      expect(after.copy().subarray(0, list.length)).toEqual(list);
    }
    const key = Buffer.from('headphonez');
    expect([over.terms.find(key, 0, key.length), stores.terms.find(key, 0, key.length)]).toEqual([
      stores.lexicon.termCount,
      -1,
    ]);
    expect(over.lexicon.lastWithin(30)).toBe(stores.lexicon.termCount);
  });

  it('is read from lines, and refuses what is none', () => {
    opened();
    const problem = (text: string) => {
      try {
        return parsed(text).entries.map(({ value }) => value);
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(problem('a\nb => out\nc => 12.5 Name\nd => name\n')).toEqual(['', 'out', '12.5 name', 'name']);
    expect(problem('new york')).toMatch(/several terms/);
    for (const value of ['-1', 'x', 'out name', '1 2', '1e9', 'name name']) {
      expect([value, problem(`a => ${value}`)]).toEqual([value, expect.stringMatching(/after the arrow/)]);
    }
  });
});
