import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openTree, UnknownTree } from '../../../load/pipeline/layouts.ts';
import type { PassOrder, PassReport } from '../../../load/pipeline/passes.ts';
import { PassesProcess, ProcessEnded } from '../../../load/program/passes-process.ts';
import { type Compiled, compiledProgram } from '../../support/compiled.ts';
import { buildTinyDataset } from '../../support/tiny-dataset.ts';

describe('openTree', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'emend-tree-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A tree whose rewriter names its parts. */
  function writeTree(parameters: string): void {
    const modules = {
      'services/config.js': 'export const parseConfig = () => ({ cacheBytes: 7 });',
      'services/rewrite/options.js': 'export const DEFAULT_OPTIONS = "defaults";',
      'services/rewrite/pipeline.js':
        'export const createRewriter = (parts) => ({ rewrite: (query, options) => ({ query, options, parts }), stepMs: () => new Map() });',
      'services/tuned-parameters.js': parameters,
      'stores/dataset/open.js':
        'export const openDataset = (path, { cacheBytes }) => ({ id: path, stores: "cache of " + cacheBytes });',
    };
    for (const [file, text] of Object.entries(modules)) {
      mkdirSync(dirname(join(folder, 'dist', file)), { recursive: true });
      writeFileSync(join(folder, 'dist', file), text);
    }
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  }

  it('opens a tree whose parameters are told beside the stores', async () => {
    writeTree('export const parametersOf = ({ id }) => "parameters of " + id;');
    const pipeline = (await openTree(folder, 'shop'))();
    expect(pipeline.ask('teh')).toEqual({
      query: 'teh',
      options: 'defaults',
      parts: { dataset: 'shop', stores: 'cache of 7', parameters: 'parameters of shop' },
    });
  });

  it('opens a tree whose dataset tells all parts', async () => {
    writeTree('export const partsOf = (opened) => ({ all: opened.id }); export const parametersOf = () => 0;');
    const pipeline = (await openTree(folder, 'shop'))();
    expect(pipeline.ask('teh')).toMatchObject({ parts: { all: 'shop' } });
  });

  it('names what is missing of a tree that is arranged otherwise', async () => {
    writeTree('export const other = 0;');
    await expect(openTree(folder, 'shop')).rejects.toThrow(UnknownTree);
    await expect(openTree(folder, 'shop')).rejects.toThrow(
      /lacks parametersOf of dist\/services\/tuned-parameters\.js/,
    );
    rmSync(join(folder, 'dist', 'stores'), { recursive: true });
    await expect(openTree(folder, 'shop')).rejects.toThrow(/lacks dist\/stores\/dataset\/open\.js.*npm run build/);
  });
});

describe('the passes of a built tree', () => {
  let folder: string;
  let program: Compiled;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-passes-'));
    program = await compiledProgram();
    symlinkSync(dirname(dirname(program.emend)), join(folder, 'dist'));
  }, 120_000);
  afterAll(() => {
    program.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(tree: string, dataset: string): PassesProcess<PassOrder, PassReport> {
    const passes = join(folder, 'dist', 'load', 'pipeline', 'passes.js');
    return new PassesProcess(fork(passes, [tree, dataset], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }), 'passes');
  }

  it('answer and time the queries of an order', async () => {
    const tree = start(folder, await buildTinyDataset(folder));
    try {
      const queries = ['wireles headphones', 'new york'];
      const { answers } = await tree.pass({ queries, isFresh: true, wantsAnswers: true });
      expect(answers.map((answer) => JSON.parse(answer).rewritten)).toEqual(['wireless headphones', 'new york']);
      const { queryMs, stepMs } = await tree.pass({ queries, isFresh: false, wantsAnswers: false });
      expect(queryMs).toHaveLength(2);
      expect(stepMs.length).toBeGreaterThan(0);
    } finally {
      tree.stop();
    }
  });

  it('end for a tree that they do not know, whether asked before or after', async () => {
    const tree = start(tmpdir(), folder);
    const order = { queries: [], isFresh: true, wantsAnswers: true };
    await expect(tree.pass(order)).rejects.toThrow(ProcessEnded);
    await expect(tree.pass(order)).rejects.toThrow('passes ended with code 2');
  });
});
