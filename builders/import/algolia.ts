/** Algolia: top searches, searches without results, and the log of requests (`getLogs`), each as the API answers it. */
import { InvalidLine } from '../errors.ts';
import { JsonDocuments } from './json-documents.ts';
import { countOf, eachOf, isObject, type LogReader, type LogSink, shown, textOf, timeOf } from './reader.ts';
import { PLAIN_ROW } from './row.ts';

/** Reads answers of the API, one after another, over one line or several. */
export function algoliaReader(sink: LogSink): LogReader {
  return new JsonDocuments((document) => {
    const { searches, logs } = isObject(document) ? document : {};
    if (Array.isArray(searches)) eachOf(searches, sink, (one) => search(one, sink));
    else if (Array.isArray(logs)) eachOf(logs, sink, (one) => request(one, sink));
    else {
      throw new InvalidLine(
        `expected an answer of Algolia with "searches" or "logs", found ${isObject(document) ? `the members ${Object.keys(document).slice(0, 8).join(', ')}` : shown(document)}`,
      );
    }
  });
}

function search(value: unknown, sink: LogSink): void {
  if (!isObject(value) || typeof value['search'] !== 'string') {
    throw new InvalidLine(`expected a search with a text as "search", found ${shown(value)}`);
  }
  const count = countOf(value['count'], 'count', 1);
  if (count === 0) {
    sink.leftOut('never');
    return;
  }
  // The list of searches without results has no number of them.
  const isZero = 'withFilterCount' in value && !('nbHits' in value);
  sink.row({
    ...PLAIN_ROW,
    query: value['search'],
    count,
    hits: isZero ? 0 : countOf(value['nbHits'], 'nbHits', -1),
    clicks: clicksOf(value),
  });
}

function clicksOf(value: Record<string, unknown>): number {
  if (value['clickCount'] !== undefined && value['clickCount'] !== null) {
    return countOf(value['clickCount'], 'clickCount', -1);
  }
  const positions = value['clickPositions'];
  if (!Array.isArray(positions)) return -1;
  return positions.reduce<number>(
    (sum, one) => sum + (isObject(one) ? countOf(one['clickCount'], 'clickCount', 0) : 0),
    0,
  );
}

function request(value: unknown, sink: LogSink): void {
  if (!isObject(value)) throw new InvalidLine(`expected a request of the log, found ${shown(value)}`);
  const url = textOf(value['url']);
  if (
    !/\/(?:query|queries)(?:\?|$)/.test(url) &&
    !(value['method'] === 'GET' && /\/1\/indexes\/[^/?]+(?:\?|$)/.test(url))
  ) {
    sink.leftOut('action');
    return;
  }
  const code = textOf(value['answer_code']);
  if (code !== '' && !code.startsWith('2')) {
    sink.leftOut('failed');
    return;
  }
  const found = typedIn(value, url);
  if (found === 'cut' || found === 'noText') {
    sink.leftOut(found);
    return;
  }
  const timeMs = timeOf(value['timestamp']);
  // Of several searches in one request the number is that of all together.
  const hits = found.length === 1 ? countOf(value['query_nb_hits'], 'query_nb_hits', -1) : -1;
  const inner = Array.isArray(value['inner_queries']) ? value['inner_queries'] : [];
  const token = inner.map((one) => (isObject(one) ? textOf(one['user_token']) : '')).find((one) => one !== '') ?? '';
  const session = token === '' ? (new URLSearchParams(textOf(value['query_params'])).get('userToken') ?? '') : token;
  for (const query of found) sink.row({ ...PLAIN_ROW, query, hits, session, timeMs });
}

/** The texts that a request searches for, each once: one search is often asked of several indexes. */
function typedIn(value: Record<string, unknown>, url: string): string[] | 'cut' | 'noText' {
  const texts = new Set<string>();
  let isCut = false;
  const body = textOf(value['query_body']);
  if (body !== '') {
    try {
      ofBody(JSON.parse(body), texts);
    } catch {
      isCut = true;
    }
  }
  if (texts.size === 0) {
    ofParams(textOf(value['query_params']), texts);
    if (texts.size === 0 && url.includes('?')) ofParams(url.slice(url.indexOf('?') + 1), texts);
  }
  if (texts.size > 0) return [...texts];
  return isCut ? 'cut' : 'noText';
}

function ofBody(body: unknown, texts: Set<string>): void {
  if (!isObject(body)) return;
  if (Array.isArray(body['requests'])) {
    for (const one of body['requests']) ofBody(one, texts);
    return;
  }
  if (typeof body['query'] === 'string') texts.add(body['query']);
  else if (typeof body['params'] === 'string') ofParams(body['params'], texts);
}

function ofParams(params: string, texts: Set<string>): void {
  const query = new URLSearchParams(params).get('query');
  if (query !== null) texts.add(query);
}
