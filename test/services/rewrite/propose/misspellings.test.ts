import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../../builders/commands/build.ts';
import { termId } from '../../../../services/rewrite/language/vocabulary.ts';
import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { createRewriter, type Pipeline } from '../../../../services/rewrite/pipeline.ts';
import { FEATURE_NAMES, type FeatureName } from '../../../../services/rewrite/rank/features.ts';
import { partsOf } from '../../../../services/tuned-parameters.ts';
import { type Dataset, openDataset } from '../../../../stores/dataset/open.ts';
import { TermFlag } from '../../../../stores/lexicon/format.ts';
import { captureIo } from '../../../support/command-io.ts';

let folder: string;
let dataset: Dataset;
let pipeline: Pipeline;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'emend-misspellings-'));
  writeFileSync(join(folder, 'docs.txt'), 'milwaukee drill\nphysics a lot\nwireless mouse\nfzx\n'.repeat(5));
  writeFileSync(
    join(folder, 'wrong.tsv'),
    'wrong\tright\nfzx\tphysics|mouse\nalot\ta lot\nqqq\tunheard\nmouse\tmouses\n',
  );
  const io = captureIo({ cwd: folder });
  const code = await run(['--out', 'data', '--docs', 'docs.txt', '--misspellings', 'wrong.tsv', '--json'], io);
  expect([code, io.err()]).toEqual([0, '']);
  dataset = openDataset(join(folder, 'data'));
  pipeline = createRewriter(partsOf(dataset));
});
afterAll(() => {
  dataset.close();
  rmSync(folder, { recursive: true });
});

const featureIndex = (name: FeatureName) => FEATURE_NAMES.indexOf(name);

const readings = (query: string, maxEdits = 2) => pipeline.explore(query, { ...DEFAULT_OPTIONS, maxEdits }).readings;

describe('known misspellings', () => {
  it('are told in the manifest as an input and as a store', () => {
    const { inputs, files } = dataset.manifest;
    expect(inputs[1]).toMatchObject({ name: 'wrong.tsv', role: 'misspellings', records: 4, tokens: 0 });
    expect(files.find(({ name }) => name === 'misspellings')).toMatchObject({ kind: 'fst', entries: 2 });
  });

  it('give readings however far away, also of a word that the documents have', () => {
    expect(readings('fzx')).toEqual(expect.arrayContaining(['fzx', 'physics', 'mouse']));
    expect(readings('wireless fzx')).toContain('wireless mouse');
    expect(readings('alot')).toContain('a lot');
  });

  it('keep to the edits that are allowed where these are fewer', () => {
    expect(readings('fzx', 1)).toEqual(['fzx']);
  });

  it('have a feature of their own', () => {
    const index = 'knownMisspelling';
    const analysed = pipeline.analyse('alot', DEFAULT_OPTIONS);
    const marks = Object.fromEntries(analysed.map(({ text, features }) => [text, features[featureIndex(index)]]));
    expect(marks).toMatchObject({ alot: 0, 'a lot': 1 });
  });
});

describe('words that sound alike', () => {
  it('are readings of unknown words of five letters and more', () => {
    expect(readings('milwoki drill')).toContain('milwaukee drill');
    expect(readings('milwoki drill', 1)).not.toContain('milwaukee drill');
  });

  it('have a feature of their own', () => {
    const analysed = pipeline.analyse('milwoki', DEFAULT_OPTIONS);
    const meant = analysed.find(({ text }) => text === 'milwaukee')!;
    expect(meant.features[featureIndex('soundsAlike')]).toBe(1);
    expect(meant.features[featureIndex('replacedFar')]).toBe(1);
  });
});

describe('a query log that tells results and sessions', () => {
  it('shows which words are misspellings: they are doubted, corrected, and teach the error model', async () => {
    const rows = ['a', 'b'].flatMap((session) => [
      `wireles mouse\t0\t${session}\t100`,
      `wireless mouse\t40\t${session}\t130`,
      `milwuakee drill\t2\t${session}\t900`,
      `milwaukee drill\t60\t${session}\t960`,
      `gizmotron\t0\t${session}\t2000`,
    ]);
    writeFileSync(join(folder, 'log.tsv'), ['query\thits\tsession\ttime', ...rows, ''].join('\n'));
    writeFileSync(join(folder, 'web.json'), '{"words": [{"file": "web.txt", "class": "web"}]}');
    writeFileSync(join(folder, 'web.txt'), 'wireles 9\ngizmotron 9\ngizmo 9\n');
    const io = captureIo({ cwd: folder });
    const args = ['--out', 'logged', '--docs', 'docs.txt', '--queries', 'log.tsv', '--config', 'web.json', '--json'];
    expect([await run(args, io), io.err()]).toEqual([0, '']);
    const logged = openDataset(join(folder, 'logged'));
    try {
      const { terms, lexicon } = logged.stores;
      const isSuspect = (term: string) => (lexicon.flags(termId(terms, term)) & TermFlag.suspect) !== 0;
      const suspects = ['wireles', 'gizmotron', 'milwuakee', 'gizmo', 'wireless', 'milwaukee'].filter(isSuspect);
      expect(suspects).toEqual(['wireles', 'gizmotron', 'milwuakee']);
      const parameters = logged.manifest.files.find(({ name }) => name === 'channel')?.parameters;
      expect(parameters).toMatchObject({ pairs: 2 });
      const marks = createRewriter(partsOf(logged))
        .analyse('milwuakee', DEFAULT_OPTIONS)
        .map(({ text, features }) => [text, features[featureIndex('knownMisspelling')]]);
      expect(marks).toContainEqual(['milwaukee', 1]);
    } finally {
      logged.close();
    }
  });
});
