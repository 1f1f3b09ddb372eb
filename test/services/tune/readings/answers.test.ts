import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { createRewriter } from '../../../../services/rewrite/pipeline.ts';
import { judgeRow } from '../../../../services/tune/readings/answers.ts';
import { gather } from '../../../../services/tune/readings/gather.ts';
import { fromCorrect, withMisspellings } from '../../../../services/tune/rows/labelled.ts';
import { tunedOf } from '../../../../services/tune/tuned.ts';
import { partsOf } from '../../../../services/tuned-parameters.ts';
import { openDataset } from '../../../../stores/dataset/open.ts';
import { ENGLISH_PARAMETERS, ENGLISH_PROFILE } from '../../../support/english.ts';
import { buildTinyDataset } from '../../../support/tiny-dataset.ts';

const QUERIES = [
  'wireless headphones for running',
  'Wireless Bluetooth speaker',
  'adidas running shoes 24/7',
  'new york city hotels',
  'notebook computer "iphone case"',
  'rtx 4090',
  'x',
];

describe('judgeRow', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'emend-answers-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('answers as the pipeline does: what it reports is what a caller gets', async () => {
    const opened = openDataset(await buildTinyDataset(folder));
    const options = { ...DEFAULT_OPTIONS, alternatives: 10 };
    const clean = fromCorrect(
      'clean',
      QUERIES.map((query) => ({ query, count: 1 })),
    );
    const sets = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => withMisspellings(clean, ENGLISH_PROFILE, 100 * seed));
    const decisions = new Set<string>();
    const parameters = { ...ENGLISH_PARAMETERS, suggestAbove: 0.05 };
    const pipeline = createRewriter({ ...partsOf(opened), parameters });
    const table = gather(pipeline, sets, options);
    const tuned = tunedOf(parameters);
    // A wrong change that costs a thousand fixes leaves little that is sure: whatever the weights, some is only offered.
    for (const costOfBreaking of [9, 1000]) {
      const asked = { ...options, costOfBreaking };
      for (const row of table.rows) {
        const { answer } = judgeRow(row, table.scoresOf(row, tuned), tuned, asked);
        const said = await pipeline.rewrite(row.input, asked);
        expect([answer.rewritten, answer.decision]).toEqual([said.rewritten, said.decision]);
        expect(answer.confidence).toBeCloseTo(said.confidence, 9);
        expect(answer.alternatives.map(({ query }) => query)).toEqual(said.alternatives.map(({ query }) => query));
        decisions.add(said.decision);
      }
    }
    expect([...decisions].sort()).toEqual(['auto', 'none', 'suggest']);
    opened.close();
  });
});
