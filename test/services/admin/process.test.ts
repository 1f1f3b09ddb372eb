import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { adminSettings } from '../../../services/admin/settings.ts';
import { parseConfig } from '../../../services/config.ts';
import { type Compiled, compiledProgram } from '../../support/compiled.ts';
import { codeOf } from '../../support/error-code.ts';
import { buildTinyDataset } from '../../support/tiny-dataset.ts';

let folder = '';
let program: Compiled;
let dataset = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'emend-admin-process-'));
  [program, dataset] = await Promise.all([compiledProgram(), buildTinyDataset(folder)]);
}, 120_000);
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Running {
  readonly url: string;
  readonly admin: string;
  readonly pid: number;
  err(): string;
  stop(): Promise<number | null>;
}

async function serve(...flags: string[]): Promise<Running> {
  const args = [
    program.emend,
    'serve',
    '--dataset',
    dataset,
    '--port',
    '0',
    '--host',
    '127.0.0.1',
    '--admin-port',
    '0',
  ];
  const child = spawn(process.execPath, [...args, ...flags], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (piece) => {
    err += piece;
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const found = async (pattern: RegExp): Promise<string> => {
    for (let i = 0; i < 400; i++) {
      const match = pattern.exec(err)?.[1];
      if (match !== undefined) return match;
      if (child.exitCode !== null) break;
      await wait(50);
    }
    throw new Error(`not told: ${pattern}; ${err}`);
  };
  const url = await found(/ready on (http:\S+)/);
  const admin = await found(/admin port on (http:\S+)/);
  return {
    url,
    admin,
    pid: child.pid ?? 0,
    err: () => err,
    stop: async () => {
      child.kill('SIGTERM');
      return await exited;
    },
  };
}

function emend(...args: string[]): Promise<{ code: number | null; out: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program.emend, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let out = '';
    child.stdout.on('data', (piece) => {
      out += piece;
    });
    child.once('close', (code) => resolve({ code, out }));
  });
}

/** Processes that a process has started, by their parent in /proc. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

const rule = (to: string) => ({ triggers: [{ kind: 'sequence', text: 'sofa' }], actions: [{ do: 'replace', to }] });

describe('emend serve --admin-port', () => {
  it.each([[[]], [['--workers', '2']]])(
    'changes what all processes answer, by keys made beside it: %j',
    async (flags) => {
      const service = await serve(...flags);
      try {
        const key = (await emend('keys', 'add', `k${flags.length}`, '--scope', 'rules:write')).out.trim();
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'if-match': '*' };
        const ask = async () => {
          const answers = Array.from({ length: 8 }, async () =>
            (await fetch(`${service.url}/rewrite?q=sofa`, { headers: { connection: 'close' } })).json(),
          );
          return new Set((await Promise.all(answers)).map((answer) => (answer as { search: string }).search));
        };
        const first = flags.length === 0 ? { ...headers, 'if-match': '' } : headers;
        const { 'if-match': _, ...plain } = first;
        for (const to of ['couch', 'settee']) {
          const isFirst = flags.length === 0 && to === 'couch';
          const body = JSON.stringify({ rule: rule(to) });
          const put = await fetch(`${service.admin}/rules/sofa`, {
            method: 'PUT',
            headers: isFirst ? plain : headers,
            body,
          });
          expect(put.status).toBe(200);
          expect(await ask()).toEqual(new Set([to]));
        }
        expect((await emend('keys', 'revoke', `k${flags.length}`)).code).toBe(0);
        expect((await fetch(`${service.admin}/rules`, { headers })).status).toBe(401);
        expect((await fetch(`${service.url}/rules`)).status).toBe(404);
      } finally {
        expect(await service.stop()).toBe(0);
      }
      await expect(fetch(`${service.admin}/rules`)).rejects.toThrow();
    },
    60_000,
  );

  it('goes on serving when the process of the port is killed, which comes back on the same port', async () => {
    const service = await serve();
    try {
      const [child = 0] = childrenOf(service.pid);
      process.kill(child, 'SIGKILL');
      expect((await fetch(`${service.url}/rewrite?q=sofa`)).status).toBe(200);
      let status = 0;
      for (let i = 0; i < 100 && status === 0; i++) {
        await wait(100);
        status = await fetch(`${service.admin}/rules`).then(
          (response) => response.status,
          () => 0,
        );
      }
      expect(status).toBe(401);
      expect(service.err()).toContain('the process of the admin port ended (signal SIGKILL)');
    } finally {
      await service.stop();
    }
  }, 60_000);

  it('runs a draft over queries, and leaves nothing open', async () => {
    const service = await serve();
    try {
      const key = (await emend('keys', 'add', 'checker', '--scope', 'rules:write')).out.trim();
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      // biome-ignore lint/suspicious/noExplicitAny: whatever the service answers
      const post = async (path: string, body: object): Promise<any> =>
        (await fetch(service.admin + path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
      const put = { id: 'shoes', triggers: [{ kind: 'sequence', text: 'running' }], actions: [{ do: 'delete' }] };
      await post('/drafts', { id: 'd', changes: [{ put }] });
      const report = await post('/drafts/d/check', { queries: [['running shoes', 3], 'shoes'] });
      expect(report.log).toMatchObject({ occurrences: 4, changedOccurrences: 3, touched: 0.75, losing: 1 });
      expect(report.log.changed).toEqual([
        {
          query: 'running shoes',
          count: 3,
          before: { search: 'running shoes' },
          after: { search: 'shoes' },
          lost: ['running'],
        },
      ]);
    } finally {
      await service.stop();
    }
  }, 60_000);
});

describe('settings of the admin port', () => {
  const code = (settings: Record<string, unknown>) => codeOf(() => adminSettings(parseConfig({}, {}, settings), '/'));

  it('are refused where one does nothing without another', () => {
    expect(code({ adminTlsCert: 'a', adminPort: 1 })).toBe('CONFIG_PAIR');
    expect(code({ adminTlsCert: 'a', adminTlsKey: 'b' })).toBe('CONFIG_PAIR');
    expect(code({ adminUserHeader: 'X-User', adminPort: 1 })).toBe('CONFIG_PAIR');
    expect(code({ adminTrustedProxies: '::1', adminPort: 1 })).toBe('CONFIG_PAIR');
    expect(code({ adminUserHeader: 'X-User', adminTrustedProxies: '::1' })).toBe('CONFIG_PAIR');
  });

  it('are refused where they cannot be read', () => {
    const people = { adminPort: 1, adminUserHeader: 'X-User' };
    expect(code({ ...people, adminTrustedProxies: 'localhost' })).toBe('CONFIG_TYPE');
    expect(code({ ...people, adminTrustedProxies: '::1', adminUserScopes: 'write' })).toBe('CONFIG_TYPE');
    expect(code({ ...people, adminUserHeader: 'X User', adminTrustedProxies: '::1' })).toBe('CONFIG_TYPE');
  });

  it('are none by default: the port is off, and on loopback where it is on', () => {
    expect(adminSettings(parseConfig({}), '/')).toBeUndefined();
    expect(adminSettings(parseConfig({}, { 'admin-port': '7' }), '/')).toEqual({
      port: 7,
      host: '127.0.0.1',
      tls: null,
      proxy: { userHeader: null, trusted: [], scopes: ['read'] },
    });
  });
});
