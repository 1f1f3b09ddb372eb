import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Staging } from '../../../builders/build/staging.ts';
import { run } from '../../../services/commands/tune.ts';
import { DEFAULT_OPTIONS } from '../../../services/rewrite/options.ts';
import { createRewriter } from '../../../services/rewrite/pipeline.ts';
import { partsOf } from '../../../services/tuned-parameters.ts';
import { readModel } from '../../../stores/dataset/model.ts';
import { openDataset } from '../../../stores/dataset/open.ts';
import { verifyDataset } from '../../../stores/dataset/verify.ts';
import { captureIo } from '../../support/command-io.ts';
import { buildTinyDataset } from '../../support/tiny-dataset.ts';

const CLEAN = ['wireless headphones', 'running shoes', 'new york hotels', 'bluetooth speaker', 'notebook computer'];
const PAIRS =
  'wireles headphones\twireless headphones\nrunning shoes\trunning shoes\nnew yrok\tnew york\nhotels\thotels\n';

describe('emend tune', () => {
  let cwd: string;
  let dataset: string;
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'emend-tune-'));
    dataset = await buildTinyDataset(cwd);
    writeFileSync(join(cwd, 'pairs.tsv'), PAIRS);
    writeFileSync(join(cwd, 'clean.txt'), `${CLEAN.join('\n')}\n`);
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  async function tune(...args: string[]) {
    const io = captureIo({ cwd });
    const deps = { ensureBundled: async () => dataset, stageDataset: async (target: string) => new Staging(target) };
    const code = await run(args, io, deps);
    return { code, out: io.out(), err: io.err() };
  }

  it('writes a dataset version that is whole, with a model of its own and an id of its own', async () => {
    const { code, out } = await tune('--dataset', dataset, '--out', 'tuned', '--pairs', 'pairs.tsv', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out);
    const to = join(cwd, 'tuned');
    const { id, files } = verifyDataset(to);
    expect(report).toMatchObject({ report: 'emend-tune', version: 1, dataset: id });
    expect(id).not.toBe(report.tunedOn.dataset);
    expect(files.at(-1)).toMatchObject({ name: 'model', file: 'model.json', kind: 'model' });
    const model = JSON.parse(readFileSync(join(to, 'model.json'), 'utf8'));
    expect(model.tunedOn.sources).toEqual([
      { name: 'pairs.tsv', kind: 'pairs', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), rows: 4 },
    ]);
  });

  it('gives the same bytes for the same input', async () => {
    await tune('--dataset', dataset, '--out', 'again-1', '--clean', 'clean.txt', '--seed', '7');
    await tune('--dataset', dataset, '--out', 'again-2', '--clean', 'clean.txt', '--seed', '7');
    const [one, two] = ['again-1', 'again-2'].map((name) => readFileSync(join(cwd, name, 'manifest.json'), 'utf8'));
    expect(one).toBe(two);
  });

  it('says in words what stayed as it was', async () => {
    const { out } = await tune('--dataset', dataset, '--out', 'words', '--pairs', 'pairs.tsv');
    expect(out).toMatch(/Held-out rows before/);
    expect(out).toMatch(/The calibration stays as it was/);
  });

  it('makes a rewriter go by the model, and refuses one of other features', async () => {
    const to = join(cwd, 'opened');
    await tune('--dataset', dataset, '--out', to, '--pairs', 'pairs.tsv');
    const opened = openDataset(to);
    const { model } = opened;
    const never = { ...opened, model: { ...model, suggestAbove: 1 } };
    const rewriter = createRewriter(partsOf(never));
    expect(await rewriter.rewrite('wireles headphones', DEFAULT_OPTIONS)).toMatchObject({ decision: 'none' });
    const more = { ...opened, model: { ...model, weights: { ...model.weights, wit: 1 } } };
    expect(() => partsOf(more)).toThrow(/model\.json: .*"wit"; tune the dataset again/);
    opened.close();
  });

  it('writes the model of a language as a file of its folder', async () => {
    const { code } = await tune('--dataset', dataset, '--defaults', 'model.json', '--pairs', 'pairs.tsv');
    expect(code).toBe(0);
    expect(readModel(join(cwd, 'model.json'))).toMatchObject({
      language: 'en',
      tunedOn: { sources: [{ name: 'pairs.tsv', kind: 'pairs', rows: 4 }] },
    });
  });

  it('leaves nothing behind where the dataset cannot be opened', async () => {
    await expect(tune('--dataset', 'nowhere', '--out', 'leaked', '--pairs', 'pairs.tsv')).rejects.toMatchObject({
      code: 'STORE_NOT_FOUND',
    });
    expect(readdirSync(cwd).filter((name) => name.includes('leaked'))).toEqual([]);
  });

  it('wants something to tune on and a place to put it', async () => {
    await expect(tune('--dataset', dataset, '--out', 'none')).rejects.toThrow('--pairs, --judged or --clean');
    await expect(tune('--dataset', dataset, '--pairs', 'pairs.tsv')).rejects.toThrow('--out');
    await expect(tune('--dataset', dataset, '--out', 'tiny', '--pairs', 'pairs.tsv')).rejects.toMatchObject({
      code: 'BUILD_OUTPUT',
    });
    expect((await tune('--help')).out).toMatch(/^Fits the weights of readings/);
  });
});
