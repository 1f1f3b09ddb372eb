import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../../builders/commands/build.ts';
import { createRewriter, type Pipeline } from '../../../../services/rewrite/pipeline.ts';
import { partsOf } from '../../../../services/tuned-parameters.ts';
import { type Dataset, openDataset } from '../../../../stores/dataset/open.ts';
import { captureIo } from '../../../support/command-io.ts';
import { rewriteNow } from '../../../support/tiny-pipeline.ts';

let folder: string;
let dataset: Dataset;
let pipeline: Pipeline;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'emend-forms-'));
  const lines = [
    'iPhone case',
    'PlayStation controller',
    'HDMI cable',
    'the iPhone battery',
    'YouTube video',
    'Youtube video',
  ];
  // A capital inside that is seen once is a slip of the document's author.
  writeFileSync(join(folder, 'docs.txt'), `${`${lines.join('\n')}\n`.repeat(5)}cOntroller\n`);
  const io = captureIo({ cwd: folder });
  expect(await run(['--out', 'data', '--docs', 'docs.txt'], io)).toBe(0);
  dataset = openDataset(join(folder, 'data'));
  const parts = partsOf(dataset);
  pipeline = createRewriter({ ...parts, parameters: { ...parts.parameters, suggestAbove: 0 } });
});
afterAll(() => {
  dataset.close();
  rmSync(folder, { recursive: true });
});

describe('brands that the documents write in one form', () => {
  it.each([
    ['Iphnoe case', 'iPhone case'],
    ['IPhnoe case', 'iPhone case'],
    ['Playstaton controller', 'PlayStation controller'],
    // Typed without capitals, or in capitals alone, they stay so.
    ['iphnoe case', 'iphone case'],
    ['IPHNOE CASE', 'IPHONE CASE'],
    // Where the documents have two forms, or one by chance, the typed capitals count.
    ['Yuotube video', 'Youtube video'],
    ['Contorller case', 'Controller case'],
  ])('are put in as they are written: %j becomes %j', (query, right) => {
    expect(rewriteNow(pipeline, query).rewritten).toBe(right);
  });

  it('are listed in the manifest', () => {
    expect(dataset.manifest.files.find(({ name }) => name === 'forms')).toMatchObject({ entries: 2 });
  });
});
