/** Headers as they came: names, values, order and repetitions, but for those that concern one connection alone. */
import type { IncomingMessage } from 'node:http';

/** Names and values in turn, as `rawHeaders` has them. */
export type RawHeaders = readonly string[];

/** RFC 9110, 7.6.1. The framing of a body is written anew on each side. */
const HOP_BY_HOP = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** The headers to pass on: without those of this connection, and without those that its `Connection` header names. */
export function passedOn(message: IncomingMessage): string[] {
  const named = new Set<string>();
  for (const [name, value] of pairs(message.rawHeaders)) {
    if (name.toLowerCase() !== 'connection') continue;
    for (const token of value.split(',')) named.add(token.trim().toLowerCase());
  }
  const kept: string[] = [];
  for (const [name, value] of pairs(message.rawHeaders)) {
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && (!named.has(lower) || isNeeded(lower))) kept.push(name, value);
  }
  return kept;
}

/** Whatever `Connection` says, without these a message is another. */
function isNeeded(name: string): boolean {
  return name === 'content-length' || name === 'host';
}

/** The headers with one in place of all of its name, where the first of them stood, or at the end. */
export function withHeader(headers: RawHeaders, name: string, value: string | undefined): string[] {
  const changed: string[] = [];
  let isThere = value === undefined;
  for (const [key, old] of pairs(headers)) {
    if (key.toLowerCase() !== name.toLowerCase()) changed.push(key, old);
    else if (!isThere && value !== undefined) {
      changed.push(key, value);
      isThere = true;
    }
  }
  if (!isThere && value !== undefined) changed.push(name, value);
  return changed;
}

/** Whether the body of a message came in chunks, which alone can have trailers. */
export function isChunked(message: IncomingMessage): boolean {
  return message.headers['transfer-encoding'] !== undefined;
}

function* pairs(headers: RawHeaders): Generator<[string, string]> {
  for (let i = 0; i + 1 < headers.length; i += 2) yield [headers[i] ?? '', headers[i + 1] ?? ''];
}
