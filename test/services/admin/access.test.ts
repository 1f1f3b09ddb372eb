import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { revokeKey } from '../../../services/admin/keys.ts';
import { ACTIONS } from '../../../services/admin/scopes.ts';
import { adminRoutes } from '../../../services/admin/server/app.ts';
import { TrustedProxies } from '../../../services/admin/server/identity.ts';
import { METHODS } from '../../../services/admin/server/route.ts';
import { startAdmin, type TestAdmin } from '../../support/admin-service.ts';
import { startService } from '../../support/http-service.ts';

const rule = { id: 'a', triggers: [{ kind: 'sequence', text: 'a' }], actions: [{ do: 'redirect', to: '/a' }] };
const change = { body: { rule, reason: 'test' } };
const by = { kind: 'command', name: 'test' } as const;

let admin: TestAdmin;
beforeEach(async () => {
  admin = await startAdmin({ proxy: { userHeader: 'X-User', trusted: ['127.0.0.1'], scopes: ['rules:write'] } });
});
afterEach(() => admin.close());

const rules = async () => (await admin.call('GET', '/rules')).body.rules.length;

describe('every route', () => {
  const operations = adminRoutes().flatMap((route) =>
    METHODS.flatMap((method) => {
      const operation = route.methods[method];
      return operation === undefined ? [] : [{ method, path: route.path, action: operation.action }];
    }),
  );

  it('has an action of the key model, and every action a route', () => {
    expect(operations.length).toBeGreaterThan(15);
    expect(operations.filter(({ action }) => !Object.hasOwn(ACTIONS, action))).toEqual([]);
    expect([...new Set(operations.map(({ action }) => action))].sort()).toEqual(Object.keys(ACTIONS).sort());
  });

  it('that changes something takes a scope that does not come with reading', () => {
    const changing = operations.filter(({ method, action }) => method !== 'GET' && action !== 'drafts:check');
    expect(changing.filter(({ action }) => ACTIONS[action] === null || ACTIONS[action] === 'read')).toEqual([]);
  });

  it('answers no stranger, and each key by its scopes alone', async () => {
    const scopes = ['read', 'rules:write', 'datasets:write', 'admin'] as const;
    const keys = [null, ...scopes.map((scope) => admin.addKey({ scopes: [scope] }))];
    for (const { method, path, action } of operations) {
      const scope = ACTIONS[action];
      for (const [i, key] of keys.entries()) {
        const given = i === 0 ? null : scopes[i - 1];
        const call = { key, body: method === 'GET' ? undefined : {} };
        const { status } = await admin.call(method, path.replace(/:\w+/, 'x'), call);
        const isAllowed =
          scope === null || given === 'admin' || given === scope || (scope === 'read' && given !== null);
        const refused = status === 401 || status === 403 ? status : 0;
        expect({ method, path, given, refused }).toEqual({
          method,
          path,
          given,
          refused: isAllowed ? 0 : given === null ? 401 : 403,
        });
      }
    }
  });

  it('is on the admin port alone', async () => {
    const service = await startService();
    try {
      for (const { method, path } of operations) {
        if (/^\/(problems|openapi\.json)/.test(path)) continue;
        const { status } = await fetch(`${service.url}${path.replace(/:\w+/, 'x')}`, { method });
        expect({ path, status }).toEqual({ path, status: 404 });
      }
    } finally {
      await service.close();
    }
  });
});

/** What is said to those who are refused: docs/admin.md has the same table. */
describe('a refused call', () => {
  const user = { 'X-User': 'ann' };
  const page = { ...user, 'X-Emend-Request': '1', 'Sec-Fetch-Site': 'same-origin' };
  const cases: readonly [
    title: string,
    status: number,
    code: string,
    call: (admin: TestAdmin) => { key?: string | null; headers?: Record<string, string> },
  ][] = [
    ['without a key', 401, 'unauthenticated', () => ({ key: null })],
    ['with a password', 401, 'unauthenticated', () => ({ key: null, headers: { Authorization: 'Basic YTpi' } })],
    ['with a wrong key', 401, 'invalid-key', () => ({ key: `emend_${'0'.repeat(16)}_${'a'.repeat(43)}` })],
    [
      'with the id of a key and another secret',
      401,
      'invalid-key',
      ({ key }) => ({ key: key.slice(0, 23) + 'a'.repeat(43) }),
    ],
    [
      'with an expired key',
      401,
      'key-expired',
      (admin) => {
        const key = admin.addKey({ scopes: ['admin'], expiresMs: 2_000_000 });
        admin.setNow(2_000_000);
        return { key };
      },
    ],
    [
      'with a revoked key',
      401,
      'key-revoked',
      (admin) => {
        const key = admin.addKey({ name: 'gone', scopes: ['admin'] });
        revokeKey(admin.store.collections(), 'gone', { who: by, reason: null, nowMs: 1 });
        return { key };
      },
    ],
    ['with a key of too little scope', 403, 'forbidden', (admin) => ({ key: admin.addKey({ scopes: ['read'] }) })],
    [
      'with the scope of something else',
      403,
      'forbidden',
      (admin) => ({ key: admin.addKey({ scopes: ['datasets:write'] }) }),
    ],
    [
      'with a key of another dataset',
      403,
      'forbidden',
      (admin) => ({ key: admin.addKey({ scopes: ['admin'], dataset: 'news' }) }),
    ],
    [
      'of a person, from a page of another site',
      403,
      'cross-site',
      () => ({ key: null, headers: { ...page, 'Sec-Fetch-Site': 'cross-site' } }),
    ],
    [
      'of a person, from a site beside it',
      403,
      'cross-site',
      () => ({ key: null, headers: { ...page, 'Sec-Fetch-Site': 'same-site' } }),
    ],
    [
      'of a person, from another origin',
      403,
      'cross-site',
      () => ({ key: null, headers: { ...page, Origin: 'https://evil.test' } }),
    ],
    [
      'of a person, from an origin that is none',
      403,
      'cross-site',
      () => ({ key: null, headers: { ...page, Origin: 'null' } }),
    ],
    ['of a person, without the header of a page', 403, 'cross-site', () => ({ key: null, headers: user })],
  ];

  it.each(cases)('%s: %i %s', async (_title, status, code, callOf) => {
    const call = callOf(admin);
    const answer = await admin.call('PUT', '/rules/a', { ...change, ...call });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.has('www-authenticate')).toBe(status === 401);
    expect(answer.headers.has('access-control-allow-origin')).toBe(false);
    expect(answer.body.detail.length).toBeGreaterThan(20);
    expect(await rules()).toBe(0);
    if (typeof call.key === 'string') expect(JSON.stringify(answer.body)).not.toContain(call.key.slice(23));
  });

  it('that was sent before: 412, and 409 for an undo', async () => {
    const put = await admin.call('PUT', '/rules/a', change);
    expect(put.status).toBe(200);
    const changed = {
      headers: { 'If-Match': put.headers.get('etag') ?? '' },
      body: { rule: { ...rule, priority: 1 } },
    };
    expect((await admin.call('PUT', '/rules/a', changed)).status).toBe(200);
    expect((await admin.call('PUT', '/rules/a', changed)).body.code).toBe('precondition-failed');
    const undo = { body: { change: put.body.change + 1 } };
    expect((await admin.call('POST', '/undo', undo)).status).toBe(200);
    expect((await admin.call('POST', '/undo', undo)).body.code).toBe('conflict');
    const bulk = { body: { changes: [{ put: { ...rule, id: 'b' } }], version: 3 } };
    expect((await admin.call('POST', '/rules', bulk)).status).toBe(200);
    expect((await admin.call('POST', '/rules', bulk)).body.code).toBe('precondition-failed');
  });

  it('of a trusted header from elsewhere, or in two voices: 401', async () => {
    const other = await startAdmin({ proxy: { userHeader: 'X-User', trusted: ['10.0.0.0/8'], scopes: ['admin'] } });
    try {
      const answer = await other.call('GET', '/rules', { key: null, headers: user });
      expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    } finally {
      await other.close();
    }
    const text = await new Promise<string>((resolve, reject) => {
      import('node:net').then(({ connect }) => {
        const socket = connect(admin.port, '127.0.0.1', () =>
          socket.write('GET /rules HTTP/1.1\r\nHost: x\r\nX-User: ann\r\nx-user: root\r\nConnection: close\r\n\r\n'),
        );
        let got = '';
        socket.on('data', (piece) => {
          got += piece;
        });
        socket.on('end', () => resolve(got));
        socket.on('error', reject);
      }, reject);
    });
    expect(text).toMatch(/^HTTP\/1.1 401 /);
  });

  it('where the audit log cannot be written: 503, and nothing is changed', async () => {
    rmSync(join(admin.folder, 'audit.jsonl'));
    mkdirSync(join(admin.folder, 'audit.jsonl'));
    const answer = await admin.call('PUT', '/rules/a', change);
    expect([answer.status, answer.body.code]).toEqual([503, 'audit-unavailable']);
    expect(JSON.stringify(answer.body)).not.toContain(admin.folder);
    expect(await rules()).toBe(0);
  });
});

describe('a person whom the proxy names', () => {
  it('reads and changes what people may, and is named in the audit log', async () => {
    const headers = {
      'X-User': 'ann@shop.test',
      'X-Emend-Request': '1',
      Origin: admin.url,
      'Sec-Fetch-Site': 'same-origin',
    };
    expect((await admin.call('GET', '/rules', { key: null, headers: { 'X-User': 'ann@shop.test' } })).status).toBe(200);
    expect((await admin.call('PUT', '/rules/a', { ...change, key: null, headers })).status).toBe(200);
    expect((await admin.call('GET', '/keys', { key: null, headers })).body.code).toBe('forbidden');
    const { entries } = (await admin.call('GET', '/audit?limit=1')).body;
    expect(entries[0]).toMatchObject({
      who: { kind: 'user', name: 'ann@shop.test', address: '127.0.0.1' },
      action: 'rules:put',
      reason: 'test',
      changes: [{ what: 'rules/a', before: null, after: rule }],
      version: [0, 1],
    });
  });

  it('comes from the host that the proxy forwards for', async () => {
    const headers = {
      'X-User': 'ann',
      'X-Emend-Request': '1',
      'X-Forwarded-Host': 'rules.shop.test',
      Origin: 'https://rules.shop.test',
    };
    expect((await admin.call('PUT', '/rules/a', { ...change, key: null, headers })).status).toBe(200);
  });
});

describe('a key', () => {
  it('of this dataset is taken, by its name, its id or the beginning of it', async () => {
    for (const dataset of ['shop', `sha256:${'ab'.repeat(32)}`, `sha256:${'ab'.repeat(6)}`]) {
      expect((await admin.call('GET', '/rules', { key: admin.addKey({ dataset }) })).status).toBe(200);
    }
    for (const dataset of ['sha256:', 'sha256:ab', 'sho']) {
      expect((await admin.call('GET', '/rules', { key: admin.addKey({ dataset }) })).status).toBe(403);
    }
  });

  it('that is revoked over the port is refused from the next request on', async () => {
    const key = admin.addKey({ name: 'ci', scopes: ['rules:write'] });
    expect((await admin.call('GET', '/rules', { key })).status).toBe(200);
    const { keys } = (await admin.call('GET', '/keys')).body;
    const { id } = keys.find(({ name }: { name: string }) => name === 'ci');
    expect((await admin.call('DELETE', `/keys/${id}?reason=leaked`)).body).toMatchObject({ id, revokedMs: 1_000_000 });
    expect((await admin.call('GET', '/rules', { key })).body.code).toBe('key-revoked');
    expect(JSON.stringify(keys)).not.toMatch(/[0-9a-f]{64}|"hash"/);
  });

  it('is in no line of the log, whatever is asked with it', async () => {
    const secrets = [admin.key, admin.addKey({ scopes: ['read'] }), 'emend_0_nonsense-of-a-key'];
    for (const key of secrets) {
      await admin.call('GET', '/rules', { key });
      await admin.call('PUT', '/rules/a', { key, ...change });
      await admin.call('POST', '/rules', { key, body: '{' });
      await admin.call('GET', `/nothing?key=${key}`, { key });
    }
    const log = admin.log.join('\n');
    expect(log).toContain('"message":"admin"');
    for (const key of secrets) expect(log).not.toContain(key.slice(20));
  });
});

describe('trusted proxies', () => {
  it('are addresses and networks, of both families', () => {
    const proxies = new TrustedProxies(['10.0.0.0/8', '192.168.1.7', 'fd00::/8', '::1']);
    const known = ['10.1.2.3', '::ffff:10.1.2.3', '192.168.1.7', 'fd12::1', '::1'];
    expect(known.filter((address) => !proxies.has(address))).toEqual([]);
    expect(
      ['11.0.0.1', '192.168.1.8', 'fe80::1', '', 'x', '::ffff:11.0.0.1'].filter((one) => proxies.has(one)),
    ).toEqual([]);
    for (const bad of ['localhost', '10.0.0.0/33', '10.0.0.0/', '10.0.0/8', '::1/129', '10.0.0.0/8/8']) {
      expect(() => new TrustedProxies([bad])).toThrow('is no address');
    }
  });
});
