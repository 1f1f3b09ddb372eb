import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RewriteAnswer } from '../../../../services/rewrite/answer.ts';
import { DEFAULT_OPTIONS } from '../../../../services/rewrite/options.ts';
import { createRewriter } from '../../../../services/rewrite/pipeline.ts';
import { partsOf } from '../../../../services/tuned-parameters.ts';
import { openDataset } from '../../../../stores/dataset/open.ts';
import { buildTinyDataset } from '../../../support/tiny-dataset.ts';

const QUERIES = ['wireles hedphones', 'wireless headphones', 'newyork hotels', 'adidsa shoes 24/7', 'note book', ''];

describe('a rewriter that waits for reads', () => {
  let folder: string;
  let dir: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-patient-'));
    dir = join(folder, 'copy');
    cpSync(await buildTinyDataset(folder), dir, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const said = ({ queryId: _id, tookMs: _ms, ...rest }: RewriteAnswer) => rest;

  it('answers what one that reads at once answers, also when queries meet the same cold blocks', async () => {
    const direct = openDataset(dir);
    const cold = openDataset(dir, { io: 'async' });
    const atOnce = createRewriter(partsOf(direct));
    const waiting = createRewriter({ ...partsOf(cold), waitsForReads: true });
    const expected = await Promise.all(QUERIES.map((query) => atOnce.rewrite(query, DEFAULT_OPTIONS)));
    const answers = QUERIES.map((query) => waiting.rewrite(query, DEFAULT_OPTIONS));
    expect(answers.some((answer) => answer instanceof Promise)).toBe(true);
    expect((await Promise.all(answers)).map(said)).toEqual(expected.map(said));
    direct.close();
    cold.close();
  });

  it('answers at once where everything is cached', async () => {
    const cold = openDataset(dir, { io: 'async' });
    const waiting = createRewriter({ ...partsOf(cold), waitsForReads: true });
    const first = waiting.rewrite('wireles hedphones', DEFAULT_OPTIONS);
    expect(first).toBeInstanceOf(Promise);
    await first;
    expect(waiting.rewrite('wireles hedphones', DEFAULT_OPTIONS)).not.toBeInstanceOf(Promise);
    cold.close();
  });
});
