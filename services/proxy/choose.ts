import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { MODES, type Mode, type NamedRequests, type ProxyRules } from './requests-file.ts';

/** The first kind of requests that a request belongs to. */
export function namedBy(rules: ProxyRules, request: IncomingMessage): NamedRequests | undefined {
  const { method = '', url = '' } = request;
  const question = url.indexOf('?');
  const path = question < 0 ? url : url.slice(0, question);
  return rules.requests.find((each) => each.methods.includes(method) && each.matches(path));
}

/** The mode that a request asks for by its header; undefined where it does not. */
export function askedMode(rules: ProxyRules, request: IncomingMessage): Mode | undefined {
  if (rules.modeHeader === null) return undefined;
  const value = request.headers[rules.modeHeader];
  return MODES.find((mode) => mode === value);
}

/**
 * Whether a request is in the share: the same every time for the same value of the header that decides, or, without one, for
 * the same text.
 */
export function isInShare(rules: ProxyRules, request: IncomingMessage, text: string): boolean {
  if (rules.share >= 1) return true;
  const value = rules.shareBy === null ? undefined : request.headers[rules.shareBy];
  const key = typeof value === 'string' && value !== '' ? value : text;
  return createHash('sha256').update(key).digest().readUIntBE(0, 6) / 2 ** 48 < rules.share;
}
