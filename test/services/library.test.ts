import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { run as runRules } from '../../services/commands/rules.ts';
import {
  type AppOptions,
  createApp,
  createRewriter,
  type DatasetRewriter,
  DEFAULT_OPTIONS,
  openDataset,
  type RewriteOptions,
  type RewriterOptions,
} from '../../services/index.ts';
import { captureIo, NO_DEPS } from '../support/command-io.ts';
import { codeOf } from '../support/error-code.ts';
import { buildTinyDataset } from '../support/tiny-dataset.ts';

let folder: string;
let dataset: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'emend-library-'));
  dataset = await buildTinyDataset(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('createRewriter', () => {
  let rewriter: DatasetRewriter;
  beforeAll(() => {
    rewriter = createRewriter(dataset);
  });
  afterAll(() => rewriter.close());

  it('answers at once from the folder of a dataset', () => {
    expect(rewriter.rewrite('wireles headphones')).toMatchObject({
      rewritten: 'wireless headphones',
      dataset: rewriter.dataset,
    });
  });

  it('takes the default for every option that is left out', () => {
    const { queryId: _, tookMs: __, ...answer } = rewriter.rewrite('wireles headphones', { alternatives: 0 });
    const all = { ...DEFAULT_OPTIONS, alternatives: 0 };
    expect(rewriter.rewrite('wireles headphones', all)).toMatchObject(answer);
    expect(answer.alternatives).toEqual([]);
    expect(rewriter.rewrite('wireles', { workers: ['normalise'] }).rewritten).toBe('wireles');
  });

  it.each<[string, object, string]>([
    ['an option that does not exist', { edits: 1 }, 'CONFIG_UNKNOWN'],
    ['a value of another type', { maxEdits: '2' }, 'CONFIG_TYPE'],
    ['a value out of range', { errorRate: 1 }, 'CONFIG_RANGE'],
  ])('refuses %s', (_, options, code) => {
    expect(codeOf(() => rewriter.rewrite('speaker', options as Partial<RewriteOptions>))).toBe(code);
  });

  it('refuses what is no text', () => {
    expect(() => rewriter.rewrite(7 as unknown as string)).toThrow(TypeError);
    expect(() => rewriter.rewrite('half \ud800')).toThrow(TypeError);
  });

  it('refuses options of its own that do not exist or have nothing to act on', () => {
    expect(codeOf(() => createRewriter(dataset, { rule: 'rules' } as RewriterOptions))).toBe('CONFIG_UNKNOWN');
    const opened = openDataset(dataset);
    expect(codeOf(() => createRewriter(opened, { cacheBytes: 1 << 20 }))).toBe('CONFIG_UNKNOWN');
    opened.close();
  });

  it('says with a code that there is no dataset', () => {
    expect(codeOf(() => createRewriter(join(folder, 'none')))).toBe('STORE_NOT_FOUND');
  });

  it('leaves an open dataset open, and closes one that it opened', () => {
    const opened = openDataset(dataset);
    const [first, second] = [createRewriter(opened), createRewriter(opened)];
    first.close();
    first.close();
    expect(second.rewrite('bluetoth').rewritten).toBe('bluetooth');
    opened.close();
    const own = createRewriter(dataset);
    own.close();
    expect(codeOf(() => own.rewrite('bluetoth speaker'))).toBe('STORE_CLOSED');
  });

  it('follows a folder of rules that is made after it', async () => {
    const rules = join(folder, 'rules');
    const ruled = createRewriter(dataset, { rules });
    expect(ruled.rewrite('wireles').decision).not.toBe('none');
    writeFileSync(join(folder, 'protected.txt'), 'wireles\n');
    const io = captureIo({ cwd: folder });
    expect([
      await runRules(
        ['import', '--collection', 'protected', '--rules', rules, join(folder, 'protected.txt')],
        io,
        NO_DEPS,
      ),
      io.err(),
    ]).toEqual([0, '']);
    // The folder is looked for every tenth of a second.
    for (let tries = 0; tries < 50 && ruled.rewrite('wireles').decision !== 'none'; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(ruled.rewrite('wireles').decision).toBe('none');
    ruled.close();
  });
});

describe('createApp', () => {
  let rewriter: DatasetRewriter;
  beforeAll(() => {
    rewriter = createRewriter(dataset);
  });
  afterAll(() => rewriter.close());

  /** Answers one request by an application on a free port. */
  async function ask(
    app: RequestListener,
    path: string,
    init: RequestInit = {},
  ): Promise<[status: number, body: string]> {
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
      return [response.status, await response.text()];
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  const POST = { method: 'POST', headers: { 'content-type': 'application/json' } };

  it('answers in a plain server', async () => {
    const [status, body] = await ask(createApp(rewriter), '/rewrite?q=wireles+headphones');
    expect([status, JSON.parse(body).rewritten]).toEqual([200, 'wireless headphones']);
  });

  it('answers below a path of another Express application, its pages and metrics too', async () => {
    const host = express();
    host.get('/own', (_, response) => void response.send('mine'));
    host.use('/search', createApp(rewriter));
    expect(JSON.parse((await ask(host, '/search/rewrite?q=bluetoth'))[1]).rewritten).toBe('bluetooth');
    expect((await ask(host, '/search/playground.js'))[0]).toBe(200);
    expect((await ask(host, '/search/metrics'))[1]).toContain('store_block_cache');
    expect((await ask(host, '/search/none'))[0]).toBe(404);
    expect(await ask(host, '/own')).toEqual([200, 'mine']);
  });

  it('takes the body that a parser before it has read', async () => {
    const host = express();
    host.use(express.json(), createApp(rewriter));
    const [status, body] = await ask(host, '/rewrite', { ...POST, body: '{"queries":["wireles","speaker"]}' });
    expect(status).toBe(200);
    expect(JSON.parse(body).results.map((answer: { rewritten: string }) => answer.rewritten)).toEqual([
      'wireless',
      'speaker',
    ]);
  });

  it('refuses a body that was read before and not kept, instead of waiting for it', async () => {
    const host = express();
    host.use((request, _response, next) => void request.resume().on('end', () => next()), createApp(rewriter));
    expect((await ask(host, '/rewrite', { ...POST, body: '{"q":"wireles"}' }))[0]).toBe(400);
  });

  it('has the settings that it is given', async () => {
    const app = createApp(rewriter, { maxBatch: 1, alternatives: 0 });
    expect((await ask(app, '/rewrite', { ...POST, body: '{"queries":["a","b"]}' }))[0]).toBe(413);
    expect(JSON.parse((await ask(app, '/rewrite?q=wireles'))[1]).alternatives).toEqual([]);
    expect((await ask(createApp(rewriter, { ready: () => false }), '/readyz'))[0]).toBe(503);
  });

  it('refuses settings that do nothing here, and values out of range', () => {
    expect(codeOf(() => createApp(rewriter, { port: 80 } as AppOptions))).toBe('CONFIG_UNKNOWN');
    expect(codeOf(() => createApp(rewriter, { maxBatch: 0 }))).toBe('CONFIG_RANGE');
  });

  it('takes a rewriter of another make', async () => {
    const answer = rewriter.rewrite('speaker');
    const app = createApp({
      dataset: 'sha256:other',
      rewrite: (query) => ({ ...answer, query, dataset: 'sha256:other' }),
    });
    expect(JSON.parse((await ask(app, '/rewrite?q=anything'))[1])).toMatchObject({
      query: 'anything',
      dataset: 'sha256:other',
    });
  });
});
