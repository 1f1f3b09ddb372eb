/** Requests that nobody should send: put together by hand, and valid ones with bytes changed. All seeded. */
import { pick, pickIndex, type Random } from '../../services/figures/random.ts';

const LINE = '\r\n';
const JSON_TYPE = 'Content-Type: application/json';

/** A request as it goes over the wire, with its length. */
export function post(body: string, path = '/rewrite', headers: readonly string[] = [JSON_TYPE]): Buffer {
  const lines = [`POST ${path} HTTP/1.1`, 'Host: x', ...headers, `Content-Length: ${Buffer.byteLength(body)}`];
  return Buffer.from(`${lines.join(LINE)}${LINE}${LINE}${body}`);
}

export function get(target: string, headers: readonly string[] = ['Host: x'], method = 'GET'): Buffer {
  return Buffer.from(`${[`${method} ${target} HTTP/1.1`, ...headers].join(LINE)}${LINE}${LINE}`);
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT', 'PRI', 'BREW', 'get'];
const TARGETS = [
  '/rewrite?q=wireles+hedphones',
  '/rewrite',
  '/rewrite?q=%ED%A0%80',
  '/rewrite?q=%',
  '/rewrite?q=%00%01%7f',
  '/rewrite?q=a&q=b',
  `/rewrite?${'a&'.repeat(10_000)}`,
  `/rewrite?q=${'%F0%9F%98%80'.repeat(1_000)}`,
  `/rewrite?q=${'a'.repeat(70_000)}`,
  '/rewrite?__proto__=1&constructor=2',
  '/livez',
  '/readyz',
  '/metrics',
  '/openapi.json',
  '/problems/%2e%2e',
  '/',
  '//',
  '/../../etc/passwd',
  '/%00',
  '*',
  'http://other/rewrite?q=a',
  'rewrite',
  '',
];
const HEADERS = [
  ['Host: x'],
  [],
  ['Host: x', 'Host: y'],
  ['Host: x', 'Expect: x'],
  ['Host: x', 'Expect: 100-continue'],
  ['Host: x', 'Upgrade: websocket', 'Connection: Upgrade'],
  ['Host: x', 'Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'],
  ['Host: x', 'Accept: text/html'],
  ['Host: x', `Accept: ${'a/b;q=0.1,'.repeat(2_000)}`],
  ['Host: x', 'X-Request-Id: a b\tc'],
  ['Host: x', `Cookie: ${'c'.repeat(20_000)}`],
  ['Host: x', ...Array.from({ length: 1_500 }, (_, i) => `X-H${i}: 1`)],
  ['Host: x', 'Content-Length: 5'],
  ['Host: x', 'Content-Length: -1'],
  ['Host: x', 'Content-Length: 3', 'Content-Length: 4'],
  ['Host: x', 'Transfer-Encoding: chunked', 'Content-Length: 3'],
  ['Host: x', 'Transfer-Encoding: chunked, gzip'],
  ['Host: x', 'Connection: close, keep-alive'],
  ['Host: x', 'Range: bytes=0-1'],
  ['Host : x'],
];

const LONG = 'hosue '.repeat(159);
const WORST = '"alternatives":10,"errorRate":0.9999,"costOfBreaking":0,"explain":true';

/** Bodies that ask for much, or are wrong in a way of their own. */
const BODIES: readonly (() => string)[] = [
  () => `{"q":"${LONG}",${WORST}}`,
  () => JSON.stringify({ queries: Array(1000).fill(LONG) }).replace('}', `,${WORST}}`),
  () => JSON.stringify({ queries: Array(100).fill(LONG) }).replace('}', `,${WORST}}`),
  () => JSON.stringify({ queries: Array(1000).fill('wireles hedphones for runing adidsa shose') }),
  () => JSON.stringify({ queries: Array(1001).fill('a') }),
  () => JSON.stringify(Object.fromEntries(Array.from({ length: 80_000 }, (_, i) => [`k${i}`, 1]))),
  () => '['.repeat(500_000),
  () => `{"q":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
  () => `{"queries":[${'{},'.repeat(300_000)}{}]}`,
  () => `{"q":"${'\\u0041'.repeat(100_000)}"}`,
  () => `{"q":"a","maxEdits":${'9'.repeat(500_000)}}`,
  () => `{"q":"a","errorRate":1e-400,"costOfBreaking":1e400}`,
  () => '{"q":"\\ud800"}',
  () => '{"q":"a","__proto__":{"maxEdits":0}}',
  () => '{"q":"a","q":"b"}',
  () => '{"queries":[null,true,0,"",[],{}]}',
  () => `{"queries":["a"${' '.repeat(900_000)}]}`,
  () => `"${'a'.repeat(1_000_000)}"`,
  () => 'null',
  () => '',
  () => '\u0000',
  () => `{"q":"${'a'.repeat(2_000_000)}"}`,
];

/** Number of hand-made requests: each method with each target and headers, and each body. */
export const CRAFTED_COUNT = METHODS.length * TARGETS.length * HEADERS.length + BODIES.length;

/** Among the others, which are many and quick, a body comes each so many. */
const BODY_EACH = 20;

/** The i-th request made by hand. */
export function crafted(i: number): Buffer {
  const n = i % CRAFTED_COUNT;
  const body = n % BODY_EACH === 0 ? BODIES[n / BODY_EACH] : undefined;
  if (body !== undefined) return post(body());
  const rest = n - Math.min(BODIES.length, Math.floor(n / BODY_EACH) + 1);
  const method = METHODS[rest % METHODS.length] ?? 'GET';
  const target = TARGETS[Math.floor(rest / METHODS.length) % TARGETS.length] ?? '/';
  const headers = HEADERS[Math.floor(rest / METHODS.length / TARGETS.length)] ?? [];
  return get(target, headers, method);
}

/** One of the bodies that ask for much. */
export function heavyBody(random: Random): string {
  return BODIES[pickIndex(random, 6)]?.() ?? '';
}

const VALID: readonly Buffer[] = [
  get('/rewrite?q=wireles+hedphones&alternatives=10&explain=true'),
  post('{"q": "blutooth speeker", "explain": true}'),
  post('{"queries": ["runing shoes", "smeg tosater", 7], "maxEdits": 1}'),
  Buffer.concat([
    Buffer.from(
      `POST /rewrite HTTP/1.1${LINE}Host: x${LINE}${JSON_TYPE}${LINE}Transfer-Encoding: chunked${LINE}${LINE}`,
    ),
    Buffer.from(`8${LINE}{"q":"ab${LINE}2${LINE}"}${LINE}0${LINE}${LINE}`),
  ]),
];

/** A valid request with some of its bytes changed, left out, said twice or made up. */
export function fuzzed(random: Random): Buffer {
  let bytes = Buffer.from(pick(random, VALID));
  for (let changes = 1 + pickIndex(random, 8); changes > 0; changes--) {
    const at = pickIndex(random, bytes.length);
    const end = Math.min(bytes.length, at + 1 + pickIndex(random, 12));
    const kind = pickIndex(random, 4);
    if (kind === 0) bytes[at] = pickIndex(random, 256);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    else {
      const made = Buffer.from(Array.from({ length: 1 + pickIndex(random, 6) }, () => pickIndex(random, 256)));
      bytes = Buffer.concat([bytes.subarray(0, at), made, bytes.subarray(at)]);
    }
    if (bytes.length === 0) return Buffer.from(LINE);
  }
  return bytes;
}
