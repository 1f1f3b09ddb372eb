import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../builders/commands/build.ts';
import { run as rewrite } from '../../services/commands/rewrite.ts';
import type { RewriteAnswer } from '../../services/rewrite/answer.ts';
import { createRewriter } from '../../services/rewrite/pipeline.ts';
import { parametersOf, partsOf } from '../../services/tuned-parameters.ts';
import { datasetId, decodeManifest, encodeManifest } from '../../stores/dataset/manifest.ts';
import { type Dataset, openDataset } from '../../stores/dataset/open.ts';
import { verifyDataset } from '../../stores/dataset/verify.ts';
import { captureIo } from '../support/command-io.ts';
import { ENGLISH, ENGLISH_FOLDER } from '../support/english.ts';
import { startService, type TestService } from '../support/http-service.ts';
import { buildTinyDataset } from '../support/tiny-dataset.ts';

/** A language of a few words is a copy of a folder: nothing of the program names it. */
describe('a language that the program does not know', () => {
  let folder: string;
  const opened: Dataset[] = [];
  const services: TestService[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'emend-language-'));
    cpSync(join(import.meta.dirname, '../languages/toy'), join(folder, 'toy'), { recursive: true });
    // A language begins with the model of another until it has queries of its own to tune on.
    copyFileSync(join(ENGLISH_FOLDER, 'model.json'), join(folder, 'toy', 'model.json'));
  });
  afterAll(async () => {
    await Promise.all(services.map((service) => service.close()));
    for (const dataset of opened) dataset.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function build(out: string, ...args: string[]): Promise<Dataset> {
    const io = captureIo({ cwd: folder });
    const inputs = ['--words', 'toy/words.tsv', '--docs', 'toy/texts.txt', '--channel', 'none'];
    const code = await run(['--out', out, ...inputs, ...args], io);
    expect([code, io.err()]).toEqual([0, '']);
    const dataset = openDataset(join(folder, out), { onWarning: (message) => expect(message).toBe('') });
    opened.push(dataset);
    return dataset;
  }

  async function serve(dataset: Dataset): Promise<(query: string, options?: string) => Promise<RewriteAnswer>> {
    const service = await startService({}, createRewriter(partsOf(dataset)));
    services.push(service);
    return async (query, options = '') => {
      const response = await fetch(`${service.url}/rewrite?q=${encodeURIComponent(query)}&alternatives=10${options}`);
      expect(response.status).toBe(200);
      return (await response.json()) as RewriteAnswer;
    };
  }

  it('is built into a dataset and served by its own keyboard, sounds and endings', async () => {
    const dataset = await build('toy-data', '--language', 'toy');
    expect(dataset.language).toMatchObject({ language: 'toy', vowels: 'aeiouäö' });
    const toy = await serve(dataset);
    const english = await serve(await build('english-data'));
    // v lies beside l on the one keyboard and beside b on the other.
    expect(await toy('kuno sorvavo')).toMatchObject({ suggestion: 'kuno sorvalo' });
    expect(await english('kuno sorvavo')).toMatchObject({ suggestion: 'kuno sorvabo' });
    // Further than any edits reach: by its sound alone.
    expect(await toy('schikkolla kuno')).toMatchObject({ rewritten: 'tschikola kuno' });
    expect(await english('schikkolla kuno')).toMatchObject({ decision: 'none', alternatives: [] });
    // A letter that this language alone writes out like that.
    const writtenOut = await toy('myyrvanu kuno');
    expect(writtenOut).toMatchObject({ rewritten: 'mörvanu kuno' });
    expect((await english('myyrvanu kuno')).confidence).toBeLessThan(writtenOut.confidence);
    // An ending that a word may take.
    expect(await toy('merintaen')).toMatchObject({ decision: 'none', alternatives: [] });
    const { rewritten, alternatives } = await english('merintaen');
    expect([rewritten, ...alternatives.map(({ query }) => query)]).toContain('merinta');
  });

  it('is known with what dictionaries alone list left out', async () => {
    const io = captureIo({ cwd: folder });
    writeFileSync(join(folder, 'list.txt'), 'melarum\nmelara\n');
    writeFileSync(join(folder, 'list.json'), JSON.stringify({ words: [{ file: 'list.txt', weight: 0 }] }));
    await run(['--out', 'listed', '--language', './toy', '--config', 'list.json', '--docs', 'toy/texts.txt'], io);
    const { stores } = openAndKeep('listed');
    const texts = Array.from({ length: stores.lexicon.termCount }, (_, id) => stores.lexicon.text(id));
    expect(texts).toContain('melara');
    expect(texts).not.toContain('melarum');
  });

  it('has no phonetic index where it has no such rules', async () => {
    const rules = JSON.parse(readFileSync(join(folder, 'toy', 'language.json'), 'utf8'));
    cpSync(join(folder, 'toy'), join(folder, 'mute'), { recursive: true });
    writeFileSync(join(folder, 'mute', 'language.json'), JSON.stringify({ ...rules, phonetic: null }));
    const dataset = await build('mute-data', '--language', 'mute');
    expect(dataset.stores.phonetic).toBeUndefined();
    const ask = await serve(dataset);
    expect(await ask('schikkolla kuno')).toMatchObject({ alternatives: [] });
    expect(await ask('kuno sorvavo')).toMatchObject({ suggestion: 'kuno sorvalo' });
  });

  it('is named in a configuration too, by a path from there', async () => {
    writeFileSync(join(folder, 'toy', 'build.json'), JSON.stringify({ language: '.', words: ['words.tsv'] }));
    const io = captureIo({ cwd: folder });
    expect(await run(['--out', 'configured', '--config', 'toy/build.json'], io)).toBe(0);
    expect(openAndKeep('configured').language.language).toBe('toy');
  });

  it('is refused where it is none, malformed, or has nothing of its own to build from', async () => {
    const io = captureIo({ cwd: folder });
    const building = (...args: string[]) => run(['--out', 'never', '--words', 'toy/words.tsv', ...args], io);
    await expect(building('--language', 'xx')).rejects.toThrow(
      'expected en or a folder with language.json, found "xx"',
    );
    await expect(building('--language', 'toy', '--bundled')).rejects.toThrow('leave out --bundled');
    cpSync(join(folder, 'toy'), join(folder, 'broken'), { recursive: true });
    writeFileSync(join(folder, 'broken', 'language.json'), '{"format": "emend-language", "formatVersion": 1}');
    await expect(building('--language', 'broken')).rejects.toMatchObject({ code: 'DATASET_INVALID' });
  });

  function openAndKeep(out: string): Dataset {
    const dataset = openDataset(join(folder, out));
    opened.push(dataset);
    return dataset;
  }
});

describe('a dataset that was built before datasets took their language along', () => {
  let folder: string;
  let whole: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-before-'));
    whole = await buildTinyDataset(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A copy without some files. */
  function lacking(out: string, names: readonly string[], model?: (text: string) => string): string {
    const dir = join(folder, out);
    cpSync(whole, dir, { recursive: true });
    const manifest = decodeManifest(readFileSync(join(dir, 'manifest.json'), 'utf8'), 'manifest.json');
    const files = manifest.files
      .filter(({ name }) => !names.includes(name))
      .map((file) => {
        if (file.name !== 'model' || model === undefined) return file;
        const bytes = Buffer.from(model(readFileSync(join(dir, file.file), 'utf8')));
        writeFileSync(join(dir, file.file), bytes);
        return { ...file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
      });
    for (const name of names) rmSync(join(dir, `${name}.json`));
    writeFileSync(join(dir, 'manifest.json'), encodeManifest({ ...manifest, files, id: datasetId(files) }));
    verifyDataset(dir);
    return dir;
  }

  async function answersOf(dir: string, stdin = 'wireles hedphones\nnew yrok\n') {
    const io = captureIo({ cwd: folder, stdin });
    const never = () => Promise.reject(new Error('nothing is built or staged here'));
    const code = await rewrite(['--dataset', dir, '--format', 'tsv'], io, {
      ensureBundled: never,
      stageDataset: never,
    });
    expect(code).toBe(0);
    return { out: io.out(), err: io.err() };
  }

  it("answers by the program's default language, and says so once", async () => {
    const now = await answersOf(whole);
    expect(now.err).toBe('');
    const before = await answersOf(lacking('before', ['language', 'model']));
    expect(before.out).toBe(now.out);
    expect(before.err).toMatch(/^emend: .*contains no language and no model.*build the dataset again.*\n$/);
  });

  it('keeps the model that it was tuned to', async () => {
    const tuned = lacking('tuned', ['language'], (text) => text.replace(/"suggestAbove": [\d.]+/, '"suggestAbove": 1'));
    const { out, err } = await answersOf(tuned);
    expect(out).toMatch(/^wireles hedphones\twireles hedphones\tnone\t/);
    expect(err).toMatch(/^emend: .*contains no language; .*\n$/);
  });

  it('is refused where its phonetic index has keys of other rules', () => {
    const dir = lacking('other-keys', []);
    const path = join(dir, 'manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"keyVersion": 1', '"keyVersion": 2'));
    expect(() => openDataset(dir)).toThrow(expect.objectContaining({ code: 'STORE_VERSION' }));
  });
});

describe('names that a model and the program have', () => {
  const given = { ...ENGLISH, dir: ENGLISH_FOLDER, modelPath: 'model.json' };

  it('match: what a model lacks weighs nothing, and a cost that a language lacks is the default', () => {
    const { changed: _w, ...weights } = ENGLISH.model.weights;
    const { changed: _n, ...rows } = ENGLISH.model.network.weights;
    const { calibration } = ENGLISH.model;
    const { runOn, ...costs } = ENGLISH.language.costs;
    const parameters = parametersOf({
      ...given,
      language: { ...ENGLISH.language, costs: { ...costs, suspect: 2 } },
      model: {
        ...ENGLISH.model,
        weights,
        network: { ...ENGLISH.model.network, weights: rows },
        calibration: { ...calibration, evidence: { bias: 1, weights: { odds: 2 } } },
      },
    });
    expect(parameters.ranker.changed ?? 0).toBe(0);
    expect(parameters.network.weights.changed).toBeUndefined();
    expect(parameters.calibration.evidence?.weights).toEqual({ odds: 2, changesKnown: 0, furtherSplits: 0 });
    expect(parameters.costs).toMatchObject({ suspect: 2, runOn });
  });

  it('are refused where the program lacks them, in weights, network, evidence and costs', () => {
    const { model, language } = ENGLISH;
    const { calibration, network } = model;
    const evidence = { bias: 0, weights: { wit: 1 } };
    const unknown = [
      { ...given, model: { ...model, weights: { ...model.weights, wit: 0 } } },
      { ...given, model: { ...model, network: { ...network, weights: { ...network.weights, wit: [] } } } },
      { ...given, model: { ...model, calibration: { ...calibration, evidence } } },
      { ...given, language: { ...language, costs: { ...language.costs, wit: 1 } } },
    ];
    for (const dataset of unknown) {
      expect(() => parametersOf(dataset)).toThrow(
        expect.objectContaining({ code: 'STORE_VERSION', message: expect.stringContaining('"wit"') }),
      );
    }
  });
});
