import fc from 'fast-check';
import { DEFAULT_OPTIONS } from '../../../services/rewrite/options.ts';
import { openEngine } from '../../../services/rules/engine/engine.ts';
import type { Rule } from '../../../services/rules/model/rule.ts';
import { readPublished } from '../../../services/rules/published.ts';
import { startAdmin, type TestAdmin } from '../../support/admin-service.ts';

let admin: TestAdmin;
beforeEach(async () => {
  admin = await startAdmin({ check: async (edits, queries) => ({ edits: edits.changes.length, queries }) });
});
afterEach(() => admin.close());

const rule = (id: string, to = `/${id}`): Rule => ({
  id,
  triggers: [{ kind: 'sequence', text: id }],
  actions: [{ do: 'redirect', to }],
});
const put = (id: string, to?: string, headers: Record<string, string> = {}) =>
  admin.call('PUT', `/rules/${encodeURIComponent(id)}`, { body: { rule: rule(id, to) }, headers });
const ids = async () => (await admin.call('GET', '/rules')).body.rules.map((one: { rule: Rule }) => one.rule.id);
/** Where a query leads by what is published. */
function leadsTo(term: string): unknown {
  const published = readPublished(admin.store.collections());
  const run = published && openEngine(published.compiled, 'test').begin([term], DEFAULT_OPTIONS);
  const [action] = run?.early[0]?.actions ?? [];
  return action?.do === 'redirect' ? action.url : undefined;
}

describe('a rule', () => {
  it('is put, acts, is read, changed over the state that is named, and deleted', async () => {
    const made = await put('sofa');
    expect([made.status, made.body.version, made.body.rule]).toEqual([200, 1, rule('sofa')]);
    expect(leadsTo('sofa')).toBe('/sofa');
    const etag = made.headers.get('etag') ?? '';
    const read = await admin.call('GET', '/rules/sofa');
    expect([read.headers.get('etag'), read.body.rule]).toEqual([etag, rule('sofa')]);

    expect((await put('sofa', '/couch')).body.code).toBe('precondition-required');
    expect((await put('sofa', '/couch', { 'If-Match': '"0000000000000000"' })).body.code).toBe('precondition-failed');
    expect((await put('sofa', '/couch', { 'If-None-Match': '*' })).body.code).toBe('precondition-failed');
    expect((await put('sofa', '/couch', { 'If-Match': 'W/x' })).body.code).toBe('malformed-request');
    expect(leadsTo('sofa')).toBe('/sofa');
    expect((await put('sofa', '/couch', { 'If-Match': etag })).body.version).toBe(2);
    expect(leadsTo('sofa')).toBe('/couch');

    expect((await admin.call('DELETE', '/rules/sofa')).body.code).toBe('precondition-required');
    expect((await admin.call('DELETE', '/rules/sofa?reason=old', { headers: { 'If-Match': '*' } })).body).toMatchObject(
      {
        version: 3,
        rules: 0,
      },
    );
    expect((await admin.call('GET', '/rules/sofa')).status).toBe(404);
    expect((await admin.call('DELETE', '/rules/sofa', { headers: { 'If-Match': '*' } })).status).toBe(404);
  });

  it('may have any id that the model takes', async () => {
    for (const id of ['a/b', 'ü ö', '__proto__', '..', '100%', 'x?y#z', '.']) {
      const made = await admin.call('PUT', `/rules/${encodeURIComponent(id).replaceAll('.', '%2E')}`, {
        body: { rule: { ...rule('sofa'), id } },
      });
      // Dots alone are what URLs are shortened by: such a rule is put in bulk.
      if (made.status !== 200) {
        expect(['.', '..']).toContain(id);
        continue;
      }
      expect(made.body.rule.id).toBe(id);
      expect((await admin.call('GET', `/rules/${encodeURIComponent(id)}`)).body.rule.id).toBe(id);
    }
  });

  it('that could not act is refused with all that is wrong with it, and nothing is written', async () => {
    const bad = { triggers: [{ kind: 'sequence', text: 'a* b*' }], actions: [], enabled: 'yes' };
    const answer = await admin.call('PUT', '/rules/bad', { body: { rule: bad } });
    expect([answer.status, answer.body.code]).toEqual([422, 'rules-invalid']);
    expect(answer.body.problems).toEqual([
      {
        pointer: '/changes/0/put/triggers/0/text',
        rule: 'bad',
        code: 'two-wildcards',
        message: 'expected at most one wildcard, found 2',
      },
      {
        pointer: '/changes/0/put/enabled',
        rule: 'bad',
        code: 'bad-shape',
        message: 'expected true or false, found "yes"',
      },
    ]);
    const shaped = { triggers: [{ kind: 'sequence', text: '{x} & -' }], actions: [] };
    const second = await admin.call('PUT', '/rules/bad', { body: { rule: shaped } });
    expect(second.body.problems.map(({ code }: { code: string }) => code).sort()).toEqual([
      'no-action',
      'unknown-placeholder',
    ]);
    expect(await ids()).toEqual([]);
    expect((await admin.call('GET', '/history')).body.entries).toEqual([]);
  });

  it.each([
    ['PUT', '/rules/a', {}, 'wrong-type'],
    ['PUT', '/rules/a', { rule: { ...rule('b') } }, 'wrong-type'],
    ['PUT', '/rules/a', { rule: rule('a'), more: 1 }, 'unknown-option'],
    ['PUT', '/rules/a', { rule: rule('a'), reason: 7 }, 'wrong-type'],
    ['PUT', '/rules/a', { rule: rule('a'), reason: 'x'.repeat(1001) }, 'out-of-range'],
    ['PUT', '/rules/a?x=1', { rule: rule('a') }, 'unknown-option'],
    ['POST', '/rules', { changes: [] }, 'precondition-required'],
    ['POST', '/rules', { changes: [], version: 'x' }, 'wrong-type'],
    ['POST', '/rules', { changes: [{}], version: 0 }, 'rules-invalid'],
    ['POST', '/rules', { changes: [{ delete: 'x' }], version: 0 }, 'not-found'],
    ['POST', '/rules', [], 'wrong-type'],
    ['POST', '/undo', {}, 'wrong-type'],
    ['POST', '/undo', { change: 99 }, 'not-found'],
    ['POST', '/undo', { change: 1 }, 'not-found'],
    ['POST', '/drafts', { changes: [{ put: 1 }] }, 'rules-invalid'],
    ['POST', '/drafts', { id: 'a b', changes: [] }, 'out-of-range'],
    ['POST', '/drafts', { name: 1, changes: [] }, 'wrong-type'],
    ['POST', '/drafts/x/check', { queries: [] }, 'out-of-range'],
    ['POST', '/drafts/x/check', { queries: ['a'] }, 'not-found'],
    ['GET', '/rules?limit=0', undefined, 'out-of-range'],
    ['GET', '/rules?from=x', undefined, 'out-of-range'],
    ['GET', '/history?from=x', undefined, 'out-of-range'],
    ['GET', '/nothing', undefined, 'not-found'],
    ['PATCH', '/rules', {}, 'method-not-allowed'],
  ])('%s %s %j is refused: %s', async (method, path, body, code) => {
    const answer = await admin.call(method, path, { body });
    // The log has the key of this test alone, so a path or a code of its own is what is wrong.
    if (path.startsWith('/history')) {
      await put('a');
      expect((await admin.call(method, path)).body.code).toBe(code);
      return;
    }
    expect(answer.body.code).toBe(code);
    expect(await ids()).toEqual([]);
  });
});

describe('rules', () => {
  it('are listed in pages, in their order', async () => {
    const changes = Array.from({ length: 25 }, (_, i) => ({ put: rule(`r${i}`) }));
    expect((await admin.call('POST', '/rules', { body: { changes, version: 0 } })).body).toMatchObject({ rules: 25 });
    const seen: string[] = [];
    for (let from = ''; ; ) {
      const { body } = await admin.call('GET', `/rules?limit=10${from}`);
      seen.push(...body.rules.map((one: { rule: Rule }) => one.rule.id));
      expect(body.total).toBe(25);
      if (body.next === null) break;
      from = `&from=${body.next}`;
    }
    expect(seen).toEqual(changes.map(({ put: { id } }) => id));
  });

  it('are changed in bulk all together, or not at all', async () => {
    await put('a');
    const bad = [{ put: rule('b') }, { delete: 'a' }, { put: { ...rule('c'), actions: [] } }];
    expect((await admin.call('POST', '/rules', { body: { changes: bad, version: 1 } })).body.code).toBe(
      'rules-invalid',
    );
    expect(await ids()).toEqual(['a']);
    const good = { changes: bad.slice(0, 2), settings: { selection: 'first' }, version: 1 };
    expect((await admin.call('POST', '/rules', { body: good })).body).toMatchObject({ version: 2, rules: 1 });
    expect((await admin.call('GET', '/ruleset')).body.set).toEqual({
      rules: [rule('b')],
      settings: { selection: 'first' },
    });
  });

  it('are replaced as a whole over the version that is named', async () => {
    await put('a');
    const set = { rules: [rule('x'), rule('y')] };
    expect((await admin.call('PUT', '/ruleset', { body: { set } })).body.code).toBe('precondition-required');
    const headers = { 'If-Match': '"1"' };
    expect((await admin.call('PUT', '/ruleset', { body: { set }, headers })).body.version).toBe(2);
    expect(await ids()).toEqual(['x', 'y']);
    const again = await admin.call('PUT', '/ruleset', { body: { set, version: 2 } });
    expect(again.body).toMatchObject({ change: null, version: 2 });
  });
});

describe('history', () => {
  it('has each change of a rule, and undoes any of them from under later ones', async () => {
    await put('a');
    const second = await put('b');
    await put('c');
    await put('a', '/other', { 'If-Match': '*' });
    const { entries } = (await admin.call('GET', '/history?rule=a')).body;
    expect(entries.map(({ action, version }: { action: string; version: number[] }) => [action, version])).toEqual([
      ['rules:put', [3, 4]],
      ['rules:put', [0, 1]],
    ]);
    expect((await admin.call('GET', `/history/${entries[0].seq}`)).body.changes).toEqual([
      { what: 'rules/a', at: [0, 0], before: rule('a'), after: rule('a', '/other') },
    ]);
    const undo = (seq: number) => admin.call('POST', '/undo', { body: { change: seq, reason: 'mistake' } });
    expect((await undo(second.body.change)).body).toMatchObject({ version: 5, rules: 2 });
    expect(await ids()).toEqual(['a', 'c']);
    expect((await undo(entries[1].seq)).body.code).toBe('conflict');
    const undone = await undo(entries[0].seq);
    expect(leadsTo('a')).toBe('/a');
    expect((await undo(undone.body.change)).status).toBe(200);
    expect(leadsTo('a')).toBe('/other');
  });

  it('takes back any run of changes, the last first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), to: fc.constantFrom('/1', '/2', null) }), {
          maxLength: 6,
        }),
        async (steps) => {
          const before = (await admin.call('GET', '/ruleset')).body;
          const made: number[] = [];
          for (const { id, to } of steps) {
            const headers = { 'If-Match': '*' };
            const exists = (await admin.call('GET', `/rules/${id}`)).status === 200;
            if (to === null && !exists) continue;
            const { body } =
              to === null
                ? await admin.call('DELETE', `/rules/${id}`, { headers })
                : await put(id, to, exists ? headers : {});
            if (body.change !== null) made.push(body.change);
          }
          for (const change of made.toReversed()) {
            expect((await admin.call('POST', '/undo', { body: { change } })).status).toBe(200);
          }
          expect((await admin.call('GET', '/ruleset')).body.set).toEqual(before.set);
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe('a draft', () => {
  it('waits, is checked, is published once, and is gone then', async () => {
    await put('a');
    const body = { id: 'spring', name: 'Spring', changes: [{ put: rule('b') }, { delete: 'a' }] };
    const made = await admin.call('POST', '/drafts', { body });
    expect([made.status, made.headers.get('location'), made.headers.get('etag')]).toEqual([
      201,
      '/drafts/spring',
      '"1"',
    ]);
    expect((await admin.call('POST', '/drafts', { body })).body.code).toBe('precondition-failed');
    expect(await ids()).toEqual(['a']);
    const checked = await admin.call('POST', '/drafts/spring/check', { body: { queries: ['a', ['b', 7]] } });
    expect(checked.body).toEqual({
      edits: 2,
      queries: [
        ['a', 1],
        ['b', 7],
      ],
    });
    const headers = { 'If-Match': '"1"' };
    expect((await admin.call('POST', '/drafts/spring/publish', { body: {} })).body.code).toBe('precondition-required');
    expect((await admin.call('POST', '/drafts/spring/publish', { body: {}, headers })).body.rules).toBe(1);
    expect(await ids()).toEqual(['b']);
    expect((await admin.call('POST', '/drafts/spring/publish', { body: {}, headers })).status).toBe(404);
    expect((await admin.call('GET', '/drafts')).body).toEqual({ drafts: [] });
  });

  it('whose rules were changed since is not published over them', async () => {
    await put('a');
    await put('b');
    await admin.call('POST', '/drafts', { body: { id: 'd', changes: [{ put: rule('a', '/draft') }] } });
    await put('b', '/other', { 'If-Match': '*' });
    await put('a', '/live', { 'If-Match': '*' });
    const headers = { 'If-Match': '*' };
    expect((await admin.call('POST', '/drafts/d/publish', { body: {}, headers })).body.code).toBe('conflict');
    expect((await admin.call('POST', '/drafts/d/check', { body: { queries: ['a'] } })).body.code).toBe('conflict');
    expect(leadsTo('a')).toBe('/live');
    // Put again, it is over what is there now.
    await admin.call('PUT', '/drafts/d', {
      body: { changes: [{ put: rule('a', '/draft') }] },
      headers: { 'If-Match': '"1"' },
    });
    expect((await admin.call('POST', '/drafts/d/publish', { body: {}, headers })).status).toBe(200);
    expect(leadsTo('a')).toBe('/draft');
  });

  it('is replaced and deleted over the state that is named', async () => {
    const body = { changes: [{ put: rule('a') }] };
    expect((await admin.call('PUT', '/drafts/d', { body })).body.version).toBe(1);
    expect((await admin.call('PUT', '/drafts/d', { body })).body.code).toBe('precondition-required');
    expect((await admin.call('PUT', '/drafts/d', { body, headers: { 'If-Match': '"1"' } })).body.version).toBe(2);
    expect((await admin.call('DELETE', '/drafts/d', { headers: { 'If-Match': '"1"' } })).body.code).toBe(
      'precondition-failed',
    );
    expect((await admin.call('DELETE', '/drafts/d', { headers: { 'If-Match': '"2"' } })).status).toBe(200);
    expect((await admin.call('GET', '/audit')).body.entries.map(({ action }: { action: string }) => action)).toEqual([
      'drafts:delete',
      'drafts:put',
      'drafts:put',
      'keys:add',
    ]);
  });
});
