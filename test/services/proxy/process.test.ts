import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type RewriterProcessOptions, startRewriterProcess } from '../../../services/proxy/rewriter-process.ts';
import { type Compiled, compiledProgram } from '../../support/compiled.ts';
import { engine, type Listening } from '../../support/engine.ts';
import { buildTinyDataset } from '../../support/tiny-dataset.ts';

const TYPED = '{"size":10,"query":{"match":{"title":{"query":"wireles headphones"}}}}';
const MEANT = '{"size":10,"query":{"match":{"title":{"query":"wireless headphones"}}}}';

let folder = '';
let dataset = '';
let program: Compiled;
let upstream: Listening;
const children: ChildProcess[] = [];
const agent = new Agent({ keepAlive: true });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'emend-proxy-'));
  [program, dataset] = await Promise.all([compiledProgram(), buildTinyDataset(folder)]);
  upstream = await engine((request, response) => void request.pipe(response));
}, 120_000);
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }
});
afterAll(async () => {
  agent.destroy();
  await upstream.close();
  program.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Running {
  readonly port: number;
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  /** Waits until so many lines say this; their groups. */
  told(pattern: RegExp, times?: number): Promise<string[]>;
}

async function start(...flags: string[]): Promise<Running> {
  const requests = join(folder, 'requests.json');
  writeFileSync(
    requests,
    JSON.stringify({
      mode: 'rewrite',
      budgetMs: 1_000,
      requests: [{ path: '/*/_search', engine: 'elasticsearch', pointer: '/query/match/title/query' }],
    }),
  );
  const args = [
    'proxy',
    '--upstream',
    `http://127.0.0.1:${upstream.port}`,
    '--requests',
    requests,
    '--port',
    '0',
    ...flags,
  ];
  const child = spawn(process.execPath, [program.emend, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (piece) => {
    out += piece;
  });
  child.stderr.on('data', (piece) => {
    err += piece;
  });
  const told = async (pattern: RegExp, times = 1): Promise<string[]> => {
    for (let i = 0; i < 400 && child.exitCode === null; i++) {
      const found = [...err.matchAll(new RegExp(pattern, 'g'))];
      if (found.length >= times) return [...(found[times - 1] ?? [])];
      await wait(25);
    }
    throw new Error(`not told: ${pattern} ${times} times: ${err}`);
  };
  const [, port] = await told(/ready on http:\/\/127\.0\.0\.1:(\d+)/);
  return { port: Number(port), child, out: () => out, err: () => err, told };
}

/** Sends the body and answers status and what the engine got. */
function search(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': TYPED.length };
    const options = { host: '127.0.0.1', port, method: 'POST', path: '/shop/_search', headers, agent };
    const request = httpRequest(options, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
    });
    request.on('error', reject);
    request.end(TYPED);
  });
}

describe('a proxy whose rewriter is killed', () => {
  it('fails no request, and rewrites again when another has started', async () => {
    const proxy = await start('--dataset', dataset);
    await proxy.told(/rewriter is ready: process (\d+)/);
    expect(await search(proxy.port)).toBe(`200 ${MEANT}`);
    let isOver = false;
    const answers: string[] = [];
    const clients = Array.from({ length: 8 }, async () => {
      while (!isOver) answers.push(await search(proxy.port));
    });
    for (let kill = 1; kill <= 2; kill++) {
      const [, pid] = await proxy.told(/rewriter is ready: process (\d+)/, kill);
      await wait(30 * kill);
      process.kill(Number(pid), 'SIGKILL');
    }
    await proxy.told(/rewriter is ready: process (\d+)/, 3);
    isOver = true;
    await Promise.all(clients);
    const rewritten = answers.filter((answer) => answer === `200 ${MEANT}`).length;
    const asTyped = answers.filter((answer) => answer === `200 ${TYPED}`).length;
    expect(rewritten + asTyped).toBe(answers.length);
    expect(rewritten).toBeGreaterThan(0);
    expect(asTyped).toBeGreaterThan(0);
    expect(await search(proxy.port)).toBe(`200 ${MEANT}`);
    expect(proxy.out()).toContain('"reason":"stopped"');
  }, 60_000);

  it('leaves one alone that has stopped without ending', async () => {
    const proxy = await start('--dataset', dataset);
    const [, pid] = await proxy.told(/rewriter is ready: process (\d+)/);
    process.kill(Number(pid), 'SIGSTOP');
    try {
      const answers = await Promise.all(Array.from({ length: 6 }, () => search(proxy.port)));
      // From now on nobody waits for it.
      answers.push(await search(proxy.port));
      expect(new Set(answers)).toEqual(new Set([`200 ${TYPED}`]));
      for (let i = 0; i < 200 && !proxy.out().includes('"stopped"'); i++) await wait(10);
      expect(proxy.out()).toMatch(/"reason":"late"[\s\S]*"reason":"stopped"/);
    } finally {
      process.kill(Number(pid), 'SIGCONT');
    }
  }, 60_000);
});

describe('a proxy whose dataset is not there', () => {
  it('passes requests as they came, and says what is wrong', async () => {
    const proxy = await start('--dataset', join(folder, 'gone'));
    await proxy.told(/the rewriter ended/);
    expect(await search(proxy.port)).toBe(`200 ${TYPED}`);
    expect(proxy.err()).toMatch(/rewriter: .*gone/);
  }, 60_000);
});

describe('a proxy with a rewriter elsewhere', () => {
  it('rewrites by it, and passes requests as they came once it has gone', async () => {
    const service = spawn(
      process.execPath,
      [program.emend, 'serve', '--dataset', dataset, '--port', '0', '--host', '127.0.0.1'],
      {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    children.push(service);
    let err = '';
    service.stderr.on('data', (piece) => {
      err += piece;
    });
    while (!/ready on/.test(err)) await once(service.stderr, 'data');
    const proxy = await start('--emend', /ready on (http:\S+)/.exec(err)?.[1] ?? '');
    expect(await search(proxy.port)).toBe(`200 ${MEANT}`);
    service.kill('SIGKILL');
    await once(service, 'exit');
    for (let i = 0; i < 8; i++) expect(await search(proxy.port)).toBe(`200 ${TYPED}`);
  }, 60_000);
});

describe('the process of a rewriter', () => {
  it('that hangs is ended, and another started', async () => {
    const program = join(folder, 'hangs.mjs');
    // The first is busy for ever with the first text; the next one answers.
    writeFileSync(
      program,
      `import { existsSync, writeFileSync } from 'node:fs';
      const isFirst = !existsSync('${program}.started');
      writeFileSync('${program}.started', '');
      process.once('message', () => {
        process.on('message', ({ id, text }) => {
          while (isFirst);
          process.send({ id, reading: { query: text } });
        });
        process.send({ ready: 'tiny' });
      });`,
    );
    const lines: string[] = [];
    const given = { dataset, cwd: folder } as Awaited<ReturnType<RewriterProcessOptions['order']>>;
    const report = (line: string) => void lines.push(line);
    const rewriter = startRewriterProcess({ order: async () => given, program, report, silenceMs: 50 });
    try {
      const answers: unknown[] = [];
      for (let i = 0; i < 400 && typeof answers.at(-1) !== 'object'; i++) {
        answers.push(await rewriter.ask('lmap', 'plain', 100));
        await wait(10);
      }
      expect(answers).toContain('late');
      expect(answers.at(-1)).toEqual({ query: 'lmap' });
      expect(lines.join('\n')).toMatch(/is ready[\s\S]*has said nothing[\s\S]*ended \(signal SIGKILL\)[\s\S]*is ready/);
    } finally {
      await rewriter.close();
    }
  });

  const order = () => Promise.reject(new Error('nothing to open'));

  it('that cannot be started is stopped, and told', async () => {
    const lines: string[] = [];
    const rewriter = startRewriterProcess({ order, report: (line) => lines.push(line) });
    expect(await rewriter.ask('lmap', 'plain', 50)).toBe('stopped');
    await wait(1);
    await rewriter.close();
    expect(lines[0]).toMatch(/cannot be started: nothing to open; requests pass as they came/);
  });
});
