/** `/openapi.json`, `/problems`, `/problems/CODE`: what this port takes and answers, for anyone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpProblem, PROBLEMS, type ProblemCode } from '../../../http/problems.ts';
import { parametersOf } from '../input.ts';
import { type AdminRoute, type Call, sendJson } from '../route.ts';

/** The routes that anyone may read. */
export function descriptionRoutes(): AdminRoute[] {
  return [
    { path: '/openapi.json', methods: { GET: { action: 'description:read', handle: openapi } } },
    { path: '/problems', methods: { GET: { action: 'problems:read', handle: problems } } },
    { path: '/problems/:code', methods: { GET: { action: 'problems:read', handle: problem } } },
  ];
}

async function openapi(call: Call): Promise<void> {
  parametersOf(call, []);
  // Loaded here: few ask for it.
  const { parse } = await import('yaml');
  const description = parse(readFileSync(join(call.deps.assetsDir, 'openapi.yaml'), 'utf8')) as {
    info: { version: string };
  };
  description.info.version = call.deps.version;
  sendJson(call.response, 200, description);
}

function problems(call: Call): void {
  parametersOf(call, []);
  sendJson(call.response, 200, PROBLEMS);
}

function problem(call: Call): void {
  parametersOf(call, []);
  const code = String(call.request.params['code']);
  if (!Object.hasOwn(PROBLEMS, code)) throw new HttpProblem('not-found', 'there is no such problem');
  sendJson(call.response, 200, { code, ...PROBLEMS[code as ProblemCode] });
}
