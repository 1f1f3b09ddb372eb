import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Compiled, compiledProgram } from './support/compiled.ts';
import { buildTinyDataset } from './support/tiny-dataset.ts';

/** A program that was started, what it has said so far, and its end. */
interface Started {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly exit: Promise<number | null>;
}

describe('the compiled program', () => {
  let program: Compiled | undefined;
  let folder: string;
  let dataset: string;
  const running = new Set<ChildProcess>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-program-'));
    [program, dataset] = await Promise.all([compiledProgram(), buildTinyDataset(folder)]);
  }, 120_000);
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
  });
  afterAll(() => {
    program?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(args: readonly string[], env: Record<string, string> = {}): Started {
    const child = spawn(process.execPath, [program?.emend ?? '', ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    running.add(child);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString('utf8');
    });
    const exit = once(child, 'close').then(([code]) => {
      running.delete(child);
      return code as number | null;
    });
    return { child, out: () => out, err: () => err, exit };
  }

  /** Starts `serve` on a free port and waits for the ready line. */
  async function serve(args: readonly string[] = [], env: Record<string, string> = {}) {
    const started = start(['serve', '--port', '0', '--dataset', dataset, ...args], env);
    const ended = started.exit.then((code) => {
      throw new Error(`serve ended with ${code} before it was ready: ${started.err()}`);
    });
    ended.catch(() => undefined);
    const port = await Promise.race([ended, readyPort(started)]);
    return { ...started, port, url: `http://127.0.0.1:${port}` };
  }

  async function readyPort(started: Started): Promise<number> {
    for (;;) {
      const match = /^emend: ready on http:\/\/localhost:(\d+)/m.exec(started.err());
      if (match) return Number(match[1]);
      await wait(10);
    }
  }

  async function untilTrue(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) await wait(20);
  }

  it('shows its commands, its version, and what a command takes', async () => {
    const [help, version, serveHelp] = [start(['--help']), start(['--version']), start(['serve', '--help'])];
    expect([await help.exit, await version.exit, await serveHelp.exit]).toEqual([0, 0, 0]);
    for (const command of ['build', 'serve', 'rewrite', 'eval', 'rules', 'store'])
      expect(help.out()).toContain(command);
    expect(version.out()).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(serveHelp.out()).toContain('--port N');
  });

  it.each([
    [['sevre'], {}],
    [['serve', '--prot', '1'], {}],
    [['serve', '--port', '80.5'], {}],
    [['serve', 'now'], {}],
    [['serve'], { EMEND_WORKERS: 'many' }],
    [['serve', '--config', 'absent.json'], {}],
  ])('exits 2 with one line for %j', async (args, env) => {
    const { exit, out, err } = start(args, env as Record<string, string>);
    expect(await exit).toBe(2);
    expect(out()).toBe('');
    expect(err().trimEnd().split('\n')).toHaveLength(1);
  });

  it('serves over HTTP, and on SIGTERM answers what is under way and exits 0', async () => {
    const { url, port, child, exit, out } = await serve();
    const response = await fetch(`${url}/rewrite?q=wireles+hedphones+for+runing`);
    expect(await response.json()).toMatchObject({
      rewritten: 'wireless headphones for running',
      decision: 'auto',
      edits: [
        { offset: 0, length: 7, from: 'wireles', to: 'wireless' },
        { offset: 8, length: 9, from: 'hedphones', to: 'headphones' },
        { offset: 22, length: 6, from: 'runing', to: 'running' },
      ],
    });

    // A request whose body is still on its way when the signal comes.
    const socket = connect(port, '127.0.0.1');
    const body = '{"q": "adidsa shose"}';
    const head = `POST /rewrite HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    socket.write(head + body.slice(0, 5));
    await untilTrue(async () => /http_requests_in_flight 2/.test(await (await fetch(`${url}/metrics`)).text()));
    child.kill('SIGTERM');
    await untilTrue(() => out().includes('"draining"'));
    socket.write(body.slice(5));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString('utf8')).toContain('"rewritten":"adidas shoes"');
    expect(await exit).toBe(0);
    expect(out()).toContain('"drained"');
  });

  it('says 503 on /readyz before it stops listening', async () => {
    const { url, child, exit } = await serve(['--drain-delay-ms', '400']);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    await untilTrue(async () => (await fetch(`${url}/readyz`)).status === 503);
    expect((await fetch(`${url}/rewrite?q=a`)).status).toBe(200);
    expect(await exit).toBe(0);
  });

  it('takes rules into account from the request after their import', async () => {
    const { url, child, exit } = await serve();
    const ask = async () =>
      ((await (await fetch(`${url}/rewrite?q=adidsa`)).json()) as { rewritten: string }).rewritten;
    expect(await ask()).toBe('adidas');
    writeFileSync(join(folder, 'protected.txt'), 'adidsa\n');
    expect(await start(['rules', 'import', '--collection', 'protected', 'protected.txt']).exit).toBe(0);
    await untilTrue(async () => (await ask()) === 'adidsa');
    child.kill('SIGINT');
    expect(await exit).toBe(0);
  });

  // Finding the workers takes /proc.
  const onLinux = process.platform === 'linux' ? it : it.skip;

  onLinux(
    'shares the port among workers, starts one that dies again, adds their figures up and drains them all',
    async () => {
      const { url, child, exit, err } = await serve(['--workers', '2']);
      for (let i = 0; i < 6; i++) expect((await fetch(`${url}/rewrite?q=blutooth`)).status).toBe(200);
      const answered = async () => {
        const text = await (await fetch(`${url}/metrics`)).text();
        return Number(/^rewrite_queries_total\{decision="\w+"\} (\d+)/m.exec(text)?.[1]);
      };
      expect(await answered()).toBe(6);
      const workers = childrenOf(child.pid ?? 0);
      expect(workers).toHaveLength(2);
      process.kill(workers[0] ?? 0, 'SIGKILL');
      await untilTrue(() => err().includes('starting another'));
      await untilTrue(() => childrenOf(child.pid ?? 0).length === 2);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      child.kill('SIGTERM');
      expect(await exit).toBe(0);
    },
  );

  it('refuses to listen over a dataset of another version, with one line and exit 1', async () => {
    const other = join(folder, 'other');
    cpSync(dataset, other, { recursive: true });
    const manifest = join(other, 'manifest.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace(/"textVersion":\s*\d+/, '"textVersion": 999'));
    expect(readFileSync(manifest, 'utf8')).not.toBe(text);
    const { exit, err } = start(['serve', '--port', '0', '--dataset', other]);
    expect(await exit).toBe(1);
    expect(err()).toMatch(/^emend serve: .*999.*\n$/);
  });

  it('exits 1 with one line for a folder that is no dataset, also with workers', async () => {
    const alone = start(['serve', '--port', '0', '--dataset', join(folder, 'absent')]);
    expect(await alone.exit).toBe(1);
    expect(alone.err().trimEnd().split('\n')).toHaveLength(1);
    const several = start(['serve', '--port', '0', '--workers', '2', '--dataset', join(folder, 'absent')]);
    expect(await several.exit).toBe(1);
  });

  it('exits 1 when the port is taken, and says what to do', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, resolve));
    const { port } = holder.address() as AddressInfo;
    const { exit, err } = start(['serve', '--dataset', dataset, '--port', String(port)]);
    expect(await exit).toBe(1);
    expect(err()).toContain('choose another with --port');
    holder.close();
  });

  it('ends quietly when its reader has gone', async () => {
    const { child, exit, err } = start(['rewrite', '--dataset', dataset]);
    child.stdout?.destroy();
    for (let i = 0; i < 200 && child.stdin?.writable; i++) child.stdin.write('wireles hedphones\n'.repeat(50));
    child.stdin?.on('error', () => undefined);
    child.stdin?.end();
    expect(await exit).toBe(0);
    expect(err()).toBe('');
  });
});

/** The processes that `pid` started and that still run. */
function childrenOf(pid: number): number[] {
  try {
    const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return pids.trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
