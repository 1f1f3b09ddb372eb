/** Puts suggestions into an engine's answer; the rest of its bytes stay. */
import { findValue, setMember } from '../engines/json-spans.ts';
import type { Reading } from '../engines/reading.ts';
import { spellcheckAsked, spellcheckSection } from '../engines/spellcheck.ts';
import { PHRASE_DEFAULTS, type PhraseAsked, phraseEntries } from '../engines/suggest.ts';
import type { NamedRequests } from './requests-file.ts';

/** Why an answer goes through as it came. */
export type NoFill = 'answer-not-json' | 'answer-is-error' | 'not-phrase';

/** The request that was answered, as far as it says what it wants. */
export interface AnsweredRequest {
  readonly url: string;
  readonly body: Buffer;
  readonly isForm: boolean;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The body of an answer with the suggestions of a reading in it. */
export function fillAnswer(
  answer: Buffer,
  reading: Reading,
  named: NamedRequests,
  request: AnsweredRequest,
): Buffer | NoFill {
  let text: string;
  let parsed: unknown;
  try {
    text = decoder.decode(answer);
    parsed = JSON.parse(text);
  } catch {
    return 'answer-not-json';
  }
  if (!isObject(parsed)) return 'answer-not-json';
  if ('error' in parsed) return 'answer-is-error';
  const filled =
    named.engine === 'solr' ? fillSolr(text, parsed, reading, request) : fillSuggest(text, reading, named, request);
  return filled === undefined ? 'not-phrase' : Buffer.from(filled);
}

function fillSolr(
  text: string,
  parsed: Readonly<Record<string, unknown>>,
  reading: Reading,
  request: AnsweredRequest,
): string {
  const asked = spellcheckAsked(parametersOf(request));
  const section = parsed['spellcheck'];
  const said = isObject(section) ? section['correctlySpelled'] : undefined;
  const filled = spellcheckSection(reading, asked, typeof said === 'boolean' ? said : undefined);
  return setMember(text, rootOf(text), 'spellcheck', filled);
}

function fillSuggest(
  text: string,
  reading: Reading,
  named: NamedRequests,
  request: AnsweredRequest,
): string | undefined {
  const asked = phraseAsked(request.body, named.suggestion);
  if (asked === undefined) return undefined;
  const isTyped = parametersOf({ ...request, isForm: false }).get('typed_keys');
  const key = isTyped === 'true' || isTyped === '' ? `phrase#${named.suggestion}` : named.suggestion;
  const entries = JSON.stringify(phraseEntries(reading, asked));
  const suggest = findValue(text, ['suggest']);
  if (suggest !== undefined && text[suggest.start] === '{') return setMember(text, suggest, key, entries);
  return setMember(text, rootOf(text), 'suggest', `{${JSON.stringify(key)}:${entries}}`);
}

function rootOf(text: string) {
  return findValue(text, []) ?? { start: 0, end: text.length };
}

/** What a request asks of the suggestion of this name; undefined where it asks for one of another kind. */
function phraseAsked(body: Buffer, name: string): PhraseAsked | undefined {
  const suggest = member(parsedBody(body), 'suggest');
  const named = member(suggest, name);
  if (named === undefined) return PHRASE_DEFAULTS;
  const phrase = member(named, 'phrase');
  if (phrase === undefined) return undefined;
  const size = member(phrase, 'size');
  const highlight = member(phrase, 'highlight');
  const pre = member(highlight, 'pre_tag');
  const post = member(highlight, 'post_tag');
  return {
    size: typeof size === 'number' && size >= 1 ? Math.floor(size) : PHRASE_DEFAULTS.size,
    tags: typeof pre === 'string' && typeof post === 'string' ? { pre, post } : null,
  };
}

function parsedBody(body: Buffer): unknown {
  try {
    return body.length === 0 ? undefined : JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parameters of a request: those of its URL, then those of its form. */
function parametersOf({ url, body, isForm }: AnsweredRequest): URLSearchParams {
  const question = url.indexOf('?');
  const query = question < 0 ? '' : url.slice(question + 1);
  return new URLSearchParams(isForm ? `${query}&${body.toString('latin1')}` : query);
}
