import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { packageRoot } from '../../../data/package-root.ts';
import { ACTIONS } from '../../../services/admin/scopes.ts';
import { adminRoutes } from '../../../services/admin/server/app.ts';
import { METHODS } from '../../../services/admin/server/route.ts';
import { startAdmin, type TestAdmin } from '../../support/admin-service.ts';

interface Operation {
  readonly security?: readonly unknown[];
  readonly responses: Record<string, { $ref?: string }>;
}

const description = parse(readFileSync(join(packageRoot(), 'services', 'admin', 'openapi.yaml'), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
const ajv = new Ajv2020({ strict: false });
ajv.addSchema({ ...description, $id: 'https://emend.test/admin' });

const rule = { id: 'a', triggers: [{ kind: 'sequence', text: 'a' }], actions: [{ do: 'redirect', to: '/a' }] };
/** A request to every operation that succeeds, and one that does not, in an order in which they can. */
const CALLS: readonly [
  method: string,
  path: string,
  template: string,
  body?: unknown,
  headers?: Record<string, string>,
][] = [
  ['put', '/rules/a', '/rules/{id}', { rule, reason: 'why' }],
  ['put', '/rules/a', '/rules/{id}', { rule }],
  ['get', '/rules/a', '/rules/{id}'],
  ['get', '/rules/b', '/rules/{id}'],
  ['get', '/rules', '/rules'],
  ['post', '/rules', '/rules', { changes: [{ put: { ...rule, id: 'b' } }], version: 1 }],
  ['post', '/rules', '/rules', { changes: [{ put: { id: 'b' } }], version: 2 }],
  ['get', '/ruleset', '/ruleset'],
  ['put', '/ruleset', '/ruleset', { set: { rules: [rule] }, version: 2 }],
  ['post', '/drafts', '/drafts', { id: 'd', changes: [{ put: { ...rule, id: 'c' } }] }],
  ['get', '/drafts', '/drafts'],
  ['get', '/drafts/d', '/drafts/{id}'],
  ['put', '/drafts/d', '/drafts/{id}', { changes: [{ delete: 'a' }] }, { 'If-Match': '*' }],
  ['post', '/drafts/d/check', '/drafts/{id}/check', { queries: ['a'] }],
  ['post', '/drafts/d/publish', '/drafts/{id}/publish', {}, { 'If-Match': '*' }],
  ['put', '/drafts/e', '/drafts/{id}', { changes: [] }],
  ['delete', '/drafts/e', '/drafts/{id}', undefined, { 'If-Match': '*' }],
  ['get', '/history', '/history'],
  ['get', '/history/3', '/history/{seq}'],
  ['post', '/undo', '/undo', { change: 8 }],
  ['post', '/undo', '/undo', { change: 99 }],
  ['delete', '/rules/a', '/rules/{id}', undefined, { 'If-Match': '*' }],
  ['get', '/audit', '/audit'],
  ['get', '/keys', '/keys'],
  ['delete', '/keys/spare', '/keys/{id}'],
  ['get', '/openapi.json', '/openapi.json'],
  ['get', '/problems', '/problems'],
  ['get', '/problems/conflict', '/problems/{code}'],
];

describe('openapi.yaml of the admin port', () => {
  let admin: TestAdmin;
  beforeAll(async () => {
    admin = await startAdmin({ check: async () => ({ rules: { live: 1, draft: 1 }, log: null, findings: [] }) });
    admin.addKey({ name: 'spare' });
  });
  afterAll(() => admin.close());

  it('describes every route, and no other; those without a key are those for anyone', () => {
    const routes = adminRoutes().flatMap(({ path, methods }) =>
      METHODS.flatMap((method) => {
        const operation = methods[method];
        const template = path.replace(/:(\w+)/g, '{$1}');
        return operation === undefined ? [] : [`${method} ${template} ${ACTIONS[operation.action] === null}`];
      }),
    );
    const described = Object.entries(description.paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([method]) => method !== 'parameters')
        .map(([method, { security }]) => `${method.toUpperCase()} ${path} ${security?.length === 0}`),
    );
    expect(described.sort()).toEqual(routes.sort());
    expect(new Set(CALLS.map(([method, , template]) => `${method} ${template}`)).size).toBe(routes.length);
  });

  it('is as the port answers', async () => {
    const statuses: number[] = [];
    for (const [method, path, template, body, headers = {}] of CALLS) {
      const answer = await admin.call(method.toUpperCase(), path, { body, headers });
      statuses.push(answer.status);
      const responses = description.paths[template]?.[method]?.responses ?? {};
      const entry = responses[String(answer.status)] === undefined ? 'default' : String(answer.status);
      const type = answer.status < 400 ? 'application/json' : 'application/problem+json';
      expect(answer.headers.get('content-type')).toBe(type);
      const at = responses[entry]?.$ref?.slice(2).split('/') ?? ['paths', template, method, 'responses', entry];
      const pointer = [...at, 'content', type, 'schema'].map((part) => encodeURIComponent(part.replaceAll('/', '~1')));
      const validate = ajv.getSchema(`https://emend.test/admin#/${pointer.join('/')}`);
      expect({ path, has: validate !== undefined }).toEqual({ path, has: true });
      validate?.(answer.body);
      expect({ path, body: answer.body, errors: validate?.errors ?? [] }).toMatchObject({ errors: [] });
    }
    expect(statuses.filter((status) => status >= 400)).toEqual([428, 404, 422, 404]);
  });
});
