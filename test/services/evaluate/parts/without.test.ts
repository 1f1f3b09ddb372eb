import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../../builders/commands/build.ts';
import { type Component, without } from '../../../../services/evaluate/parts/without.ts';
import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { createRewriter } from '../../../../services/rewrite/pipeline.ts';
import { FEATURE_NAMES } from '../../../../services/rewrite/rank/features.ts';
import { partsOf } from '../../../../services/tuned-parameters.ts';
import { type Dataset, openDataset } from '../../../../stores/dataset/open.ts';
import { captureIo } from '../../../support/command-io.ts';

let folder: string;
let dataset: Dataset;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'emend-without-'));
  writeFileSync(
    join(folder, 'docs.txt'),
    'wireless mouse pad\nnotebook computer\nmouse pads\nsmørrebrød opskrift\n'.repeat(5),
  );
  writeFileSync(join(folder, 'wrong.tsv'), 'fzx\tcomputer\n');
  writeFileSync(join(folder, 'vectors.txt'), 'notebook 1 2\ncomputer 2 1\n');
  const io = captureIo({ cwd: folder });
  const inputs = ['--docs', 'docs.txt', '--misspellings', 'wrong.tsv', '--vectors', 'vectors.txt'];
  const code = await run(['--out', 'data', ...inputs, '--json'], io);
  expect([code, io.err()]).toEqual([0, '']);
  dataset = openDataset(join(folder, 'data'));
});
afterAll(() => {
  dataset.close();
  rmSync(folder, { recursive: true });
});

function pipeline(...components: Component[]) {
  return createRewriter(without(components, partsOf(dataset)));
}

const finds = (query: string, right: string, ...components: Component[]) =>
  pipeline(...components)
    .explore(query, DEFAULT_OPTIONS)
    .readings.includes(right);

describe('without', () => {
  it.each<[string, string, Component[]]>([
    ['wirelessmouse', 'wireless mouse', ['splits']],
    ['note book', 'notebook', ['merges']],
    ['cmputtr', 'computer', ['two-edits']],
    ['fzx', 'computer', ['misspellings']],
    ['smoerrebroed', 'smørrebrød', ['marks']],
  ])('no longer reads "%s" as "%s" without %j', (query, right, components) => {
    expect(finds(query, right)).toBe(true);
    expect(finds(query, right, ...components)).toBe(false);
  });

  it('does not see how words go together without their vectors', () => {
    const best = (...components: Component[]) =>
      pipeline(...components)
        .analyse('notebook computer', DEFAULT_OPTIONS)
        .map(({ features }) => features[FEATURE_NAMES.indexOf('vectorBest')]);
    expect(Math.max(...best().map(Number))).toBeGreaterThan(1);
    expect(new Set(best('vectors'))).toEqual(new Set([0]));
  });

  it('leaves words alone without what it has seen side by side', () => {
    const orders = (...components: Component[]) =>
      pipeline(...components)
        .wordCosts('wireless mouse pad', DEFAULT_OPTIONS)
        .map(({ kind, pair, triple }) => `${kind} ${pair} ${triple}`);
    expect(orders()).toEqual(['word -1 -1', 'word 1 -1', 'word 1 1', 'end -1 -1']);
    expect(orders('triples')).toEqual(['word -1 -1', 'word 1 -1', 'word 1 0', 'end -1 -1']);
    expect(orders('pairs')).toEqual(['word -1 -1', 'word 0 -1', 'word 0 0', 'end -1 -1']);
  });
});
