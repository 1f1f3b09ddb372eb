import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addKey, type KeyWish, listKeys, revokeKey, verifyKey } from '../../../services/admin/keys.ts';
import { history, type Request, withRulesFolder } from '../../../services/admin/ledger.ts';
import { allows } from '../../../services/admin/scopes.ts';
import { run } from '../../../services/commands/keys.ts';
import { type Collections, openCollections } from '../../../stores/lmdb/collections.ts';
import { captureIo } from '../../support/command-io.ts';
import { codeOf } from '../../support/error-code.ts';

let folder = '';
let collections: Collections;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'emend-keys-')), 'rules');
  collections = openCollections(folder, { readOnly: false });
});
afterEach(() => {
  collections.close();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const at = (nowMs: number): Request => ({ who: { kind: 'command', name: 'ann' }, reason: null, nowMs });
const wish = (more: Partial<KeyWish> = {}): KeyWish => ({
  name: 'deploy',
  scopes: ['rules:write'],
  dataset: null,
  expiresMs: null,
  ...more,
});

describe('a key', () => {
  it('is taken as it was shown, and no other is', () => {
    const { key, info } = addKey(collections, wish(), at(1000));
    expect(key).toMatch(/^emend_[0-9a-f]{16}_[\w-]{43}$/);
    expect(verifyKey(collections, key, 2000)).toEqual(info);
    for (const other of [`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`, `${key}x`, key.slice(6), '', 'x']) {
      expect(verifyKey(collections, other, 2000)).toBe('unknown');
    }
    const twin = addKey(collections, wish({ name: 'other' }), at(1000));
    expect(verifyKey(collections, key.slice(0, 23) + twin.key.slice(23), 2000)).toBe('unknown');
  });

  it('is refused from the millisecond at which it expires', () => {
    const { key } = addKey(collections, wish({ expiresMs: 5000 }), at(1000));
    expect(verifyKey(collections, key, 4999)).toMatchObject({ name: 'deploy' });
    expect(verifyKey(collections, key, 5000)).toBe('expired');
  });

  it('is refused once it is revoked, and its name can be given again', () => {
    const { key, info } = addKey(collections, wish(), at(1000));
    expect(codeOf(() => addKey(collections, wish(), at(1001)))).toBe('ADMIN_CONFLICT');
    expect(revokeKey(collections, 'deploy', at(2000)).revokedMs).toBe(2000);
    expect(verifyKey(collections, key, 2001)).toBe('revoked');
    expect(revokeKey(collections, info.id, at(3000)).revokedMs).toBe(2000);
    addKey(collections, wish(), at(4000));
    expect(codeOf(() => revokeKey(collections, 'nobody', at(1)))).toBe('ADMIN_NOT_FOUND');
  });

  it('is told that it is revoked or expired only by whoever has it', () => {
    const { key } = addKey(collections, wish(), at(1000));
    revokeKey(collections, 'deploy', at(2000));
    expect(verifyKey(collections, `${key.slice(0, 23)}${'A'.repeat(43)}`, 3000)).toBe('unknown');
  });

  it('cannot be brought by a file of live data', () => {
    const { key } = addKey(collections, wish(), at(1000));
    collections.write.own('emend-keys', 'files');
    expect(verifyKey(collections, key, 2000)).toBe('unknown');
    expect(listKeys(collections)).toEqual([]);
  });

  it('needs a name, scopes that there are, and an end to come', () => {
    for (const bad of [
      { name: '' },
      { name: 'a\nb' },
      { scopes: [] },
      { scopes: ['read', 'root'] },
      { expiresMs: 1 },
    ]) {
      expect(codeOf(() => addKey(collections, wish(bad), at(1000)))).toBe('ADMIN_INPUT');
    }
    expect(listKeys(collections)).toEqual([]);
  });

  it('is in no file, and neither is its hash in the audit log', () => {
    const { key } = addKey(collections, wish(), at(1000));
    revokeKey(collections, 'deploy', at(2000));
    const secret = key.slice(23);
    for (const file of ['audit.jsonl', 'collections.mdb']) {
      expect(readFileSync(join(folder, file)).includes(secret)).toBe(false);
    }
    expect(history(collections, { limit: 9 }).entries.map(({ action }) => action)).toEqual(['keys:revoke', 'keys:add']);
    expect(readFileSync(join(folder, 'audit.jsonl'), 'utf8')).not.toMatch(/[0-9a-f]{64}/);
  });
});

describe('scopes', () => {
  it('allow what they name; admin all, each reading', () => {
    expect(allows(['read'], 'rules:read')).toBe(true);
    expect(allows(['read'], 'rules:write')).toBe(false);
    expect(allows(['datasets:write'], 'rules:read')).toBe(true);
    expect(allows(['rules:write', 'datasets:write'], 'audit:read')).toBe(false);
    expect(allows(['admin'], 'rules:write')).toBe(true);
    expect(allows([], 'rules:read')).toBe(false);
    expect(allows([], 'problems:read')).toBe(true);
  });
});

describe('emend keys', () => {
  beforeEach(() => collections.close());
  const emend = async (...args: string[]) => {
    const io = captureIo({ cwd: join(folder, '..') });
    const code = await run(args, io);
    return { code, out: io.out(), err: io.err() };
  };

  it('prints the key alone on stdout, once', async () => {
    const added = await emend('add', 'ci', '--scope', 'read', '--scope', 'rules:write', '--expires', '90d');
    expect([added.code, added.out]).toEqual([0, expect.stringMatching(/^emend_\S+\n$/)]);
    expect(added.err).not.toContain(added.out.trim().slice(23));
    const listed = await emend('list');
    expect(listed.out).toMatch(/^[0-9a-f]{16}\tci\tread,rules:write\tany dataset\tadded \S+\texpires \S+\n$/);
    expect(withRulesFolder(folder, (open) => verifyKey(open, added.out.trim(), Date.now()))).toMatchObject({
      name: 'ci',
    });
    expect((await emend('revoke', 'ci', '--reason', 'left')).code).toBe(0);
    expect(withRulesFolder(folder, (open) => verifyKey(open, added.out.trim(), Date.now()))).toBe('revoked');
    const [last] = withRulesFolder(folder, (open) => history(open, { limit: 1 })).entries;
    expect(last).toMatchObject({ action: 'keys:revoke', reason: 'left', who: { kind: 'command' }, made: true });
  });

  it.each([
    [[]],
    [['make', 'x']],
    [['add']],
    [['add', 'x', 'y', '--scope', 'read']],
    [['add', 'x', '--scope', 'read', '--expires', 'soon']],
    [['list', '--scope', 'read']],
    [['list', 'x']],
    [['revoke', 'x', '--expires', '1d']],
  ])('is misused by %j', async (args) => {
    await expect(emend(...args)).rejects.toMatchObject({ code: 'USAGE' });
  });
});
