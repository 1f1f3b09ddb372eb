import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { packageRoot } from '../../../data/package-root.ts';
import { OPTION_NAMES } from '../../../services/http/options.ts';
import { startService, type TestService } from '../../support/http-service.ts';

interface Example {
  readonly title: string;
  readonly request: { path: string; headers?: Record<string, string>; body?: unknown; text?: string };
  readonly response: { status: number; headers?: Record<string, string>; body?: object };
}

interface Operation {
  readonly parameters?: readonly { name: string }[];
  readonly responses: Record<string, { $ref?: string; content?: Record<string, unknown> }>;
  readonly 'x-examples': readonly Example[];
}

interface Description {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: { Options: { properties: object } } };
}

const text = readFileSync(join(packageRoot(), 'services', 'http', 'openapi.yaml'), 'utf8');
const description = parse(text) as Description;
const ajv = new Ajv2020({ strict: false });
ajv.addSchema({ ...description, $id: 'https://emend.test/openapi' });

/** A pointer into the description, `~1` for `/` as JSON Pointer has it. */
const pointer = (...parts: string[]) =>
  `https://emend.test/openapi#/${parts.map((part) => encodeURIComponent(part.replaceAll('/', '~1'))).join('/')}`;

const examples = Object.entries(description.paths).flatMap(([path, operations]) =>
  Object.entries(operations).flatMap(([method, operation]) =>
    operation['x-examples'].map((example) => ({ name: `${method} ${path}: ${example.title}`, path, method, example })),
  ),
);

describe('openapi.yaml', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  it.each(examples)('is as the service answers, $name', async ({ path, method, example }) => {
    const { request } = example;
    const body = request.text ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
    const response = await fetch(service.url + request.path, {
      method,
      headers: { ...(request.body === undefined ? {} : { 'content-type': 'application/json' }), ...request.headers },
      ...(body === undefined ? {} : { body }),
    });
    expect(response.status).toBe(example.response.status);
    for (const [name, value] of Object.entries(example.response.headers ?? {})) {
      expect(response.headers.get(name)).toContain(value);
    }
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    if (!type.endsWith('json')) return;
    const answer: unknown = await response.json();
    expect(answer).toMatchObject(example.response.body ?? {});
    const responses = description.paths[path]?.[method]?.responses ?? {};
    const entry = responses[String(response.status)] === undefined ? 'default' : String(response.status);
    const schema =
      responses[entry]?.$ref === undefined
        ? pointer('paths', path, method, 'responses', entry, 'content', type, 'schema')
        : pointer('components', 'responses', 'Problem', 'content', type, 'schema');
    const validate = ajv.getSchema(schema);
    expect(validate).toBeDefined();
    validate?.(answer);
    expect(validate?.errors ?? []).toEqual([]);
  });

  it('describes the options that the service reads, and no other', () => {
    const described = Object.keys(description.components.schemas.Options.properties).sort();
    expect(described).toEqual([...OPTION_NAMES].sort());
    const parameters = description.paths['/rewrite']?.['get']?.parameters?.map(({ name }) => name).sort();
    expect(parameters).toEqual([...OPTION_NAMES, 'q'].sort());
  });
});
