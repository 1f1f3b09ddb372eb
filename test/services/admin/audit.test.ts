import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditEntry, AuditFile } from '../../../services/admin/audit-file.ts';
import { addKey, listKeys } from '../../../services/admin/keys.ts';
import { changeOf, history, logged, type Request } from '../../../services/admin/ledger.ts';
import { type Collections, openCollections } from '../../../stores/lmdb/collections.ts';
import { codeOf } from '../../support/error-code.ts';

let folder = '';
let collections: Collections;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'emend-audit-')), 'rules');
  collections = openCollections(folder, { readOnly: false });
});
afterEach(() => {
  collections.close();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const request: Request = { who: { kind: 'command', name: 'ann' }, reason: 'why', nowMs: 1000 };
const path = () => join(folder, 'audit.jsonl');

/** Makes a change that is logged; its effect is an entry of a collection. */
function change(name: string, more: () => void = () => {}): number {
  return logged(collections, request, 'testing', () => {
    collections.write.put('things', [{ key: name }], 'commands', { kind: 'set' });
    const log = { action: 'test', changes: [{ what: name, before: null, after: 'x'.repeat(100) }] };
    more();
    return { result: undefined, log };
  }).seq;
}
const things = (): string[] => [...collections.set<string>('things')];
const names = (entries: readonly AuditEntry[]) => entries.map(({ changes }) => changes[0]?.what);

describe('the audit log', () => {
  it('has a line for every change: who, what, before, after, when and why', () => {
    expect(change('a')).toBe(1);
    expect(
      readFileSync(path(), 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        seq: 1,
        at: '1970-01-01T00:00:01.000Z',
        who: { kind: 'command', name: 'ann' },
        action: 'test',
        changes: [{ what: 'a', before: null, after: 'x'.repeat(100) }],
        reason: 'why',
      },
    ]);
  });

  it('refuses the change where it cannot be written', () => {
    change('a');
    rmSync(path());
    mkdirSync(path());
    expect(codeOf(() => change('b'))).toBe('ADMIN_AUDIT');
    expect(
      codeOf(() => addKey(collections, { name: 'k', scopes: ['read'], dataset: null, expiresMs: null }, request)),
    ).toBe('ADMIN_AUDIT');
    expect(things()).toEqual(['a']);
    expect(listKeys(collections)).toEqual([]);
    rmSync(path(), { recursive: true });
    expect(change('b')).toBe(2);
  });

  it('has no line for a change that fails, nor for one that changes nothing', () => {
    expect(() => change('a', () => expect(1).toBe(2))).toThrow();
    expect(things()).toEqual([]);
    logged(collections, request, 'testing', () => ({ result: 1, log: undefined }));
    expect(history(collections, { limit: 5 }).entries).toEqual([]);
  });

  it('tells a line whose change was never made, as a process leaves that dies between the two', () => {
    change('a');
    change('b');
    new AuditFile(folder).append({ ...changeOf(collections, 2), seq: 3, action: 'lost' });
    const shown = () =>
      history(collections, { limit: 9 }).entries.map(({ seq, action, made }) => `${seq} ${action} ${made}`);
    expect(shown()).toEqual(['3 lost false', '2 test true', '1 test true']);
    expect(codeOf(() => changeOf(collections, 3))).toBe('ADMIN_NOT_FOUND');
    change('c');
    expect(shown()).toEqual(['3 test true', '3 lost false', '2 test true', '1 test true']);
    expect(changeOf(collections, 3).action).toBe('test');
  });

  it('goes on after half a line', () => {
    change('a');
    appendFileSync(path(), '{"seq":2,"at":"19');
    change('b');
    expect(names(history(collections, { limit: 9 }).entries)).toEqual(['b', 'a']);
  });

  it('goes on counting when the collections are made anew', () => {
    change('a');
    change('b');
    const log = readFileSync(path());
    collections.close();
    rmSync(folder, { recursive: true });
    collections = openCollections(folder, { readOnly: false });
    writeFileSync(path(), log);
    expect(history(collections, { limit: 9 }).entries.map(({ made }) => made)).toEqual([true, true]);
    expect(change('c')).toBe(3);
  });

  it('is read in pages of any size, from the newest to the oldest, each entry once', () => {
    const all = Array.from({ length: 23 }, (_, i) => `n${i}${'y'.repeat(i * 997)}`);
    for (const name of all) change(name);
    for (const limit of [1, 2, 7, 23, 50]) {
      const seen: (string | undefined)[] = [];
      for (let from: string | undefined; ; ) {
        const page = history(collections, { limit, from });
        expect(page.entries.length).toBeLessThanOrEqual(limit);
        seen.push(...names(page.entries));
        if (page.next === null) break;
        from = page.next;
      }
      expect(seen).toEqual(all.toReversed());
    }
  });

  it('refuses what continues no page', () => {
    change('a');
    for (const from of ['x', '1', '99999-2', '-1-1']) {
      expect(codeOf(() => history(collections, { limit: 1, from }))).toBe('ADMIN_INPUT');
    }
  });

  it('is for its owner alone to read', () => {
    change('a');
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });
});
