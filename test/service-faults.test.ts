import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { Agent, get, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { packageRoot } from '../data/package-root.ts';
import { type Compiled, compiledProgram } from './support/compiled.ts';
import { childrenOf, isRunning, Processes, type Served, untilTrue } from './support/processes.ts';
import { buildTinyDataset } from './support/tiny-dataset.ts';

/** What happens to a service from outside: its processes are killed, its descriptors run out, its files are cut, its readers go. */
describe('a running service', () => {
  const processes = new Processes();
  const sockets: Socket[] = [];
  let program: Compiled;
  let folder: string;
  let dataset: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-faults-'));
    [program, dataset] = await Promise.all([compiledProgram(), buildTinyDataset(folder)]);
  }, 120_000);
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    processes.killAll();
  });
  afterAll(() => {
    program?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const serve = (...args: string[]): Promise<Served> => serveFrom(dataset, ...args);
  const serveFrom = (from: string, ...args: string[]): Promise<Served> =>
    processes.serve(process.execPath, [program.emend, 'serve', '--port', '0', '--dataset', from, ...args], {
      cwd: folder,
    });

  const statusOf = async (url: string): Promise<number> => {
    try {
      const response = await fetch(url, { headers: { connection: 'close' } });
      await response.text();
      return response.status;
    } catch {
      return 0;
    }
  };

  function open({ port }: Served, bytes = ''): Socket {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => {});
    if (bytes !== '') socket.write(bytes);
    return socket;
  }

  /** A copy of the dataset that may be damaged. */
  function copied(name: string): string {
    const copy = join(folder, name);
    cpSync(dataset, copy, { recursive: true });
    return copy;
  }

  // Their faults take /proc and prlimit.
  const onLinux = process.platform === 'linux' ? it : it.skip;
  /** With three it can open nothing: those are its own. */
  const limitDescriptors = (pid: number, most: number) =>
    execFileSync('prlimit', ['--pid', String(pid), `--nofile=${most}:4096`]);

  describe('of several processes', () => {
    onLinux('comes back when all its workers end at the same time, again and again', async () => {
      const { pid, url, exit, child, err } = await serve('--workers', '2');
      for (let round = 1; round <= 3; round++) {
        await untilTrue(() => childrenOf(pid).length === 2);
        for (const worker of childrenOf(pid)) process.kill(worker, 'SIGKILL');
        await untilTrue(() => (err().match(/starting another/g)?.length ?? 0) === 2 * round);
        await untilTrue(async () => (await statusOf(`${url}/rewrite?q=a`)) === 200);
      }
      child.kill('SIGTERM');
      expect(await exit).toBe(0);
    });

    onLinux('tries again when the system refuses it a process, and stops when it is told to meanwhile', async () => {
      const { pid, exit, child, err } = await serve('--workers', '2');
      limitDescriptors(pid, 3);
      for (const worker of childrenOf(pid)) process.kill(worker, 'SIGKILL');
      await untilTrue(() => /a worker process could not be started \(.*\); starting another/.test(err()));
      limitDescriptors(pid, 1024);
      await untilTrue(() => childrenOf(pid).length === 2);
      limitDescriptors(pid, 3);
      process.kill(childrenOf(pid)[0] ?? 0, 'SIGKILL');
      await untilTrue(() => (err().match(/could not be started/g)?.length ?? 0) > 2);
      child.kill('SIGTERM');
      expect([0, 1]).toContain(await exit);
    });

    onLinux('leaves no worker behind when its supervisor is killed', async () => {
      const { pid, child } = await serve('--workers', '2');
      const workers = childrenOf(pid);
      expect(workers).toHaveLength(2);
      child.kill('SIGKILL');
      await untilTrue(() => !workers.some(isRunning));
    });
  });

  onLinux('ends with the npm that started it', async () => {
    const own = mkdtempSync(join(folder, 'npm-'));
    const { scripts } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    writeFileSync(join(own, 'package.json'), JSON.stringify({ name: 'own', scripts: { start: scripts['start'] } }));
    symlinkSync(dirname(dirname(program.emend)), join(own, 'dist'));
    const npm = ['start', '--', '--port', '0', '--dataset', dataset];
    const { pid, child, exit, url } = await processes.serve('npm', npm, { cwd: own });
    const family = [pid, ...childrenOf(pid), ...childrenOf(pid).flatMap(childrenOf)];
    child.kill('SIGTERM');
    await exit;
    await untilTrue(() => !family.some(isRunning));
    expect(await statusOf(`${url}/livez`)).toBe(0);
  });

  const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? it : it.skip;
  asRoot('stops on SIGTERM as the first process of a container', async () => {
    const args = ['--pid', '--fork', '--mount-proc', process.execPath, program.emend];
    const serving = ['serve', '--port', '0', '--dataset', dataset, '--workers', '2'];
    const { pid, exit, out } = await processes.serve('unshare', [...args, ...serving], { cwd: folder });
    const [first = 0] = childrenOf(pid);
    process.kill(first, 'SIGTERM');
    expect(await exit).toBe(0);
    expect(out().match(/"drained"/g)).toHaveLength(2);
  });

  onLinux('answers problems and stops as ever when it has no descriptors left', async () => {
    const { pid, port, url, child, exit, out } = await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (path: string) =>
      new Promise<{ status: number; type: string; body: string }>((resolve, reject) => {
        get({ agent, host: '127.0.0.1', port, path }, (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            body += part;
          });
          const { statusCode: status = 0, headers } = response;
          response.on('end', () => resolve({ status, type: headers['content-type'] ?? '', body }));
        }).on('error', reject);
      });
    expect((await ask('/livez')).status).toBe(200);
    limitDescriptors(pid, 3);
    const { status, type, body } = await ask('/openapi.json');
    expect([status, type]).toEqual([500, 'application/problem+json']);
    expect(body).toContain('"code":"internal-error"');
    expect(body).not.toMatch(/node_modules|\.js|\bat /);
    expect((await ask('/rewrite?q=wireles+speaker')).status).toBe(200);
    expect(out()).toContain('"err":{"type":');
    child.kill('SIGTERM');
    agent.destroy();
    expect(await exit).toBe(0);
    expect(out()).toContain('"drained"');
    expect(await statusOf(`${url}/livez`)).toBe(0);
  });

  it('goes on when nobody reads its log any more', async () => {
    const { url, child, exit, err } = await serve('--log-queries');
    child.stdout?.destroy();
    for (let i = 0; i < 20; i++) expect(await statusOf(`${url}/rewrite?q=a`)).toBe(200);
    await untilTrue(() => err().includes('writing the log'));
    expect(err().match(/writing the log/g)).toHaveLength(1);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  describe('over files that are damaged while it serves', () => {
    it('is not ready after one was cut', async () => {
      const copy = copied('cut');
      const { url, out } = await serveFrom(copy);
      expect(await statusOf(`${url}/readyz`)).toBe(200);
      const file = join(copy, 'deletes1.blocks');
      const whole = readFileSync(file);
      truncateSync(file, whole.length >> 1);
      expect(await statusOf(`${url}/readyz`)).toBe(503);
      await untilTrue(() => out().includes('deletes1.blocks'));
      // The same file, not another of its name.
      const descriptor = openSync(file, 'r+');
      writeSync(descriptor, whole);
      closeSync(descriptor);
      expect(await statusOf(`${url}/readyz`)).toBe(200);
    });

    it.each(['sync', 'async'])('answers the other queries of a batch, with --io %s', async (io) => {
      const copy = copied(`damaged-${io}`);
      const { url, child, exit } = await serveFrom(copy, '--io', io);
      for (const name of ['deletes1.blocks', 'deletes2.blocks']) {
        // Its first block, which no query has asked for yet.
        const descriptor = openSync(join(copy, name), 'r+');
        writeSync(descriptor, Buffer.alloc(160, 0xa5), 0, 160, 40);
        closeSync(descriptor);
      }
      const queries = ['', 'wireles speeker', 'adidsa shose', '48', 'blutooth'];
      const response = await fetch(`${url}/rewrite`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify({ queries }),
      });
      expect(response.status).toBe(200);
      const { results } = (await response.json()) as { results: { query?: string; code?: string }[] };
      expect(results).toHaveLength(queries.length);
      expect(results[0]).toMatchObject({ query: '' });
      expect(results[3]).toMatchObject({ query: '48' });
      expect(results.some(({ code }) => code === 'internal-error')).toBe(true);
      expect(await statusOf(`${url}/readyz`)).toBe(503);
      expect(await statusOf(`${url}/livez`)).toBe(200);
      child.kill('SIGTERM');
      expect(await exit).toBe(0);
    });
  });

  describe('that is stopped', () => {
    it('sends the whole of a large answer to a client that is still reading it', async () => {
      const { port, child, exit, out } = await serve();
      const words = 'wireles hedphones for runing adidsa shose';
      const queries = Array.from({ length: 1000 }, (_, i) => `${words} ${words} ${i}`);
      const asked = request({
        host: '127.0.0.1',
        port,
        path: '/rewrite',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      });
      asked.end(JSON.stringify({ queries, alternatives: 10 }));
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      let text = '';
      let isStopped = false;
      for await (const chunk of response.setEncoding('utf8')) {
        text += chunk;
        if (isStopped || text.length < 1_000_000) continue;
        isStopped = true;
        child.kill('SIGTERM');
        await untilTrue(() => out().includes('"draining"'));
        await wait(300);
      }
      expect(isStopped).toBe(true);
      expect((JSON.parse(text) as { results: unknown[] }).results).toHaveLength(1000);
      expect(await exit).toBe(0);
    });

    /** How many connections in use one drain resets. */
    const resetsOfDrain = async () => {
      const { port, child, exit } = await serve();
      let resets = 0;
      let answered = 0;
      const clients = Array.from({ length: 20 }, async () => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        let lastSentMs = 0;
        for (let isUp = true; isUp; ) {
          const sentMs = performance.now();
          isUp = await new Promise<boolean>((resolve) => {
            get({ agent, host: '127.0.0.1', port, path: '/rewrite?q=a' }, (response) => {
              response.resume().on('end', () => {
                answered++;
                resolve(true);
              });
            }).on('error', (error: NodeJS.ErrnoException) => {
              // On a busy machine a client may be away for as long as idle connections are kept.
              const isInUse = sentMs - lastSentMs < 100 && performance.now() - sentMs < 100;
              if (error.code !== 'ECONNREFUSED' && isInUse) resets++;
              resolve(false);
            });
          });
          lastSentMs = sentMs;
          await wait(Math.random() * 10);
        }
        agent.destroy();
      });
      await untilTrue(() => answered > 200);
      child.kill('SIGTERM');
      await Promise.all(clients);
      expect(await exit).toBe(0);
      return resets;
    };

    it('resets hardly a connection that is in use', async () => {
      let fewest = Number.POSITIVE_INFINITY;
      // One may come between the last look for new ones and the end of listening, where it was two or three; a machine with much other work
      // may stop a process for longer than idle connections are kept, so a drain has some chances.
      for (let drains = 0; drains < 4 && fewest > 1; drains++) fewest = Math.min(fewest, await resetsOfDrain());
      expect(fewest).toBeLessThanOrEqual(1);
    });

    it('does not wait for clients that hold connections and say nothing', async () => {
      const served = await serve();
      const idle = open(served);
      await once(idle, 'connect');
      served.child.kill('SIGTERM');
      await once(idle, 'close');
      expect(await served.exit).toBe(0);
    });
  });
});
