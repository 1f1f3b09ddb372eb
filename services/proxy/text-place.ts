/** Finds the text in a request, and puts another in its place: every other byte stays. */
import { findValue, type JsonSpan, replaceSpan } from '../engines/json-spans.ts';
import type { TextPlace } from './requests-file.ts';

/** Why a request goes through as it came. */
export type NoText = 'not-json' | 'not-utf-8' | 'no-text' | 'repeated-parameter' | 'text-too-long' | 'engine-syntax';

/** A text and how to replace it. */
export interface FoundText {
  readonly text: string;
  /** The request with another text. */
  put(text: string): { readonly url: string; readonly body: Buffer };
}

/** As much as Emend reads of a query. */
const MOST_BYTES = 16_384;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Finds the text of a request.
 *
 * @param isForm whether the body is a form's
 * @returns the reason where there is none that can be rewritten
 */
export function findText(place: TextPlace, url: string, body: Buffer, isForm: boolean): FoundText | NoText {
  const found = place.kind === 'pointers' ? inJson(place.pointers, url, body) : inForm(place.name, url, body, isForm);
  if (typeof found === 'string') return found;
  const { text } = found;
  if (text.trim() === '' || !text.isWellFormed()) return 'no-text';
  // Solr's local parameters say how the rest is to be read: it is no text that somebody typed.
  if (text.trimStart().startsWith('{!')) return 'engine-syntax';
  return Buffer.byteLength(text) > MOST_BYTES ? 'text-too-long' : found;
}

function inJson(pointers: readonly (readonly string[])[], url: string, body: Buffer): FoundText | NoText {
  if (body.length === 0) return 'no-text';
  const source = decode(body);
  if (source === undefined) return 'not-utf-8';
  if (!isJson(source)) return 'not-json';
  const spans: JsonSpan[] = [];
  let text: string | undefined;
  for (const keys of pointers) {
    const span = findValue(source, keys);
    if (span === undefined || source[span.start] !== '"') continue;
    const value = JSON.parse(source.slice(span.start, span.end)) as string;
    text ??= value;
    if (value === text) spans.push(span);
  }
  if (text === undefined) return 'no-text';
  return {
    text,
    put(other) {
      const json = JSON.stringify(other);
      const distinct = [...new Map(spans.map((span) => [span.start, span])).values()];
      const fromEnd = distinct.sort((a, b) => b.start - a.start);
      return { url, body: Buffer.from(fromEnd.reduce((all, span) => replaceSpan(all, span, json), source)) };
    },
  };
}

function inForm(name: string, url: string, body: Buffer, isForm: boolean): FoundText | NoText {
  const question = url.indexOf('?');
  const query = question < 0 ? '' : url.slice(question + 1);
  const inUrl = valuesOf(query, name);
  const form = isForm ? decode(body) : '';
  if (form === undefined) return 'not-utf-8';
  const inBody = valuesOf(form, name);
  const [only, second] = [...inUrl, ...inBody];
  if (only === undefined) return 'no-text';
  if (second !== undefined) return 'repeated-parameter';
  const text = decodeForm(only.raw);
  if (text === undefined) return 'not-utf-8';
  return {
    text,
    put(other) {
      const value = encodeURIComponent(other);
      if (inUrl.length > 0) return { url: url.slice(0, question + 1) + replaceSpan(query, only, value), body };
      return { url, body: Buffer.from(replaceSpan(form, only, value)) };
    },
  };
}

function valuesOf(form: string, name: string): (JsonSpan & { readonly raw: string })[] {
  const found: (JsonSpan & { readonly raw: string })[] = [];
  let start = 0;
  for (const pair of form.split('&')) {
    const equals = pair.indexOf('=');
    if (equals >= 0 && decodeForm(pair.slice(0, equals)) === name) {
      found.push({ start: start + equals + 1, end: start + pair.length, raw: pair.slice(equals + 1) });
    }
    start += pair.length + 1;
  }
  return found;
}

function decodeForm(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function decode(bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
