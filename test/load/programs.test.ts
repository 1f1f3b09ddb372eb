import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Compiled, compiledProgram } from '../support/compiled.ts';

/** What a program said, and its end. */
interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('the programs of load/', () => {
  let program: Compiled | undefined;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'emend-load-'));
    program = await compiledProgram();
  }, 120_000);
  afterAll(() => {
    program?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function run(path: string, ...args: string[]): Promise<Ended> {
    const file = join(dirname(program?.emend ?? ''), '..', 'load', path);
    return new Promise((resolve) => {
      execFile(process.execPath, [file, ...args], { cwd: folder }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  }

  const PROGRAMS = [
    'run.js',
    'startup.js',
    'live.js',
    'processes.js',
    'hostile.js',
    'catalogue.js',
    'rules.js',
    'segmentation.js',
    'pipeline.js',
    'check-driver.js',
    'attack/run.js',
    'large/build-large.js',
    'ablation/run.js',
    'micro/run.js',
    'peers/run.js',
    'peers/symspell.js',
    'peers/expansions.js',
    'peers/acceptance.js',
  ];

  it.each(PROGRAMS)('%s says what it does, and exits 0', async (path) => {
    const { code, out, err } = await run(path, '--help');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^[A-Z][^\n]*[.?]\n/);
    expect(out).toContain('Usage: ');
  });

  it.each(PROGRAMS.filter((path) => path !== 'micro/run.js'))(
    '%s exits 2 with one line for an option that it does not have',
    async (path) => {
      const { code, out, err } = await run(path, '--no-such-option');
      expect([code, out]).toEqual([2, '']);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    },
  );

  describe('npm run load -- --url', () => {
    const SHORT = ['--quick', '--rate', '2000', '--seconds', '0.5', '--warm-up', '0.2', '--settle', '0.2'];
    let server: Server;
    let status: number;

    beforeAll(async () => {
      server = createServer((request, response) => {
        request.resume();
        response.statusCode = request.url?.startsWith('/rewrite') ? status : 404;
        response.end('{}');
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });

    function drive(results: string, ...more: string[]): Promise<Ended> {
      const { port } = server.address() as AddressInfo;
      return run('run.js', ...SHORT, '--url', `http://127.0.0.1:${port}`, '--results', results, ...more);
    }

    it('drives a server that runs already, and writes what it saw', async () => {
      status = 200;
      const results = join(folder, 'answered');
      const { code, out } = await drive(results, '--limit', '60000');
      // On a machine that is busy enough there is no verdict; what it is, exit code and last line agree on.
      const last = out.trimEnd().split('\n').at(-1) ?? '';
      expect(last).toMatch(/^(PASS|NO VERDICT) p99=[\d.]+ ms rate=2000\/s errors=0$/);
      expect(code).toBe(last.startsWith('PASS') ? 0 : 3);
      const [written = ''] = readdirSync(results);
      expect(readdirSync(join(results, written)).sort()).toEqual(['latency.svg', 'report.md', 'result.json']);
      const result = JSON.parse(readFileSync(join(results, written, 'result.json'), 'utf8'));
      expect(result).toMatchObject({
        verdictLine: last,
        servers: [{ server: 'bare' }, { server: 'express' }, { server: 'emend' }],
      });
      expect(readFileSync(join(results, written, 'report.md'), 'utf8')).toContain('It ran already.');
    });

    it('is a FAIL where one request is answered with an error', async () => {
      status = 500;
      const { code, out } = await drive(join(folder, 'errors'));
      expect(code).toBe(1);
      expect(out.trimEnd().split('\n').at(-1)).toMatch(/^FAIL p99=[\d.]+ ms rate=2000\/s errors=[1-9]\d*$/);
    });

    it('is no verdict where nobody answers, and names the address', async () => {
      const { code, out, err } = await run('run.js', ...SHORT, '--url', 'http://127.0.0.1:1');
      expect([code, out]).toEqual([3, 'NO VERDICT p99=- ms rate=- errors=-\n']);
      expect(err).toMatch(/^load: http:\/\/127\.0\.0\.1:1\/: expected a server that answers .*\n$/);
    });
  });
});
