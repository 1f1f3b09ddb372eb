/** Solr's request log. */
import { InvalidLine } from '../errors.ts';
import { countOf, type LogOptions, type LogReader, type LogSink, shown, timeOf } from './reader.ts';
import { PLAIN_ROW } from './row.ts';

const HANDLERS = ['/select', '/query', '/search', '/browse', '/spell'];
/** Parameters whose value is what was typed, best first; `q` last. */
const TYPED_PARAMS = ['userQuery', 'user_query', 'uq', 'qq', 'spellcheck.q'];

/** Reads lines such as `... o.a.s.c.S.Request webapp=/solr path=/select params={q=red+lamp} hits=80 status=0 QTime=4`. */
export class SolrLogReader implements LogReader {
  readonly #sink: LogSink;
  readonly #handlers: ReadonlySet<string>;
  readonly #params: readonly string[];

  constructor(sink: LogSink, { queryParam, handlers = [] }: LogOptions) {
    this.#sink = sink;
    this.#handlers = new Set([...HANDLERS, ...handlers]);
    this.#params = queryParam === undefined ? TYPED_PARAMS : [queryParam];
  }

  record(text: string): void {
    const start = text.indexOf('params={');
    const path = /\bpath=(\S+)/.exec(start < 0 ? text : text.slice(0, start))?.[1];
    if (start < 0 || path === undefined) {
      // Stack traces and the other lines of solr.log are no mistakes; what is no line of a log at all is.
      if (!/^\s|^\d{4}-\d{2}-\d{2}|\b(?:INFO|WARN|ERROR|DEBUG|Caused by|Exception|Error)\b/.test(text)) {
        throw new InvalidLine(`expected a line of Solr's log, found ${shown(text)}`);
      }
      this.#sink.leftOut('action');
      return;
    }
    if (!this.#handlers.has(path)) {
      this.#sink.leftOut('action');
      return;
    }
    const from = start + 'params={'.length;
    // Values may hold braces: the last end counts.
    const tail = Math.max(text.lastIndexOf('} hits='), text.lastIndexOf('} status='));
    const hitsEnd = text.lastIndexOf('} hits=');
    const end = hitsEnd >= from ? hitsEnd : tail;
    if (end < from) {
      this.#sink.leftOut('cut');
      return;
    }
    this.#request(new URLSearchParams(text.slice(from, end)), text.slice(end + 1), text.slice(0, start));
  }

  #request(params: URLSearchParams, after: string, before: string): void {
    if (isOfShard(params)) {
      this.#sink.leftOut('shard');
      return;
    }
    const status = /\bstatus=(\d+)/.exec(after)?.[1] ?? '0';
    if (status !== '0' && status !== '200') {
      this.#sink.leftOut('failed');
      return;
    }
    const query = this.#typedIn(params);
    if (query === undefined) {
      this.#sink.leftOut('noText');
      return;
    }
    const hits = countOf(/\bhits=(\d+)/.exec(after)?.[1], 'hits', -1);
    const time = /(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?)/.exec(before)?.[1];
    this.#sink.row({ ...PLAIN_ROW, query, hits, timeMs: timeOf(time) });
  }

  #typedIn(params: URLSearchParams): string | undefined {
    for (const name of this.#params) {
      const value = params.get(name);
      if (value !== null && value.trim() !== '') return value;
    }
    const q = (params.get('q') ?? '').trim();
    if (q === '*' || q === '*:*') return '*';
    const text = q.startsWith('{!') ? ofLocalParams(q, params) : q;
    if (text === undefined || text === '') return undefined;
    // A text that the user typed has no field in it, unless the parser takes such (edismax does).
    const isTyped = /dismax/i.test(params.get('defType') ?? '') || q.startsWith('{!');
    return !isTyped && isExpression(text) ? undefined : text;
  }
}

/** A node's question to another. */
function isOfShard(params: URLSearchParams): boolean {
  return params.get('isShard') === 'true' || params.get('distrib') === 'false' || params.has('shards.purpose');
}

/** `field:(...)`, ranges, boosts: what programs write. */
function isExpression(text: string): boolean {
  return /^[+-]?[\w.]+:\S|^\(|\b(?:AND|OR|NOT)\b.*:|\[\S+ TO \S+\]|\^\d/.test(text);
}

/** What `{!edismax v=$qq}`, `{!edismax v='red lamp'}` or `{!edismax qf=title}red lamp` searches for. */
function ofLocalParams(q: string, params: URLSearchParams): string | undefined {
  const end = q.indexOf('}');
  if (end < 0) return undefined;
  const inside = q.slice(2, end);
  const parser = /^\s*(?:type=)?(\w+)/.exec(inside)?.[1] ?? '';
  if (!/^(?:e?dismax|lucene|simple)$/i.test(parser) && !/\bv=/.test(inside)) return undefined;
  const v = /\bv=(?:\$([\w.]+)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s}]+))/.exec(inside);
  const text = v === null ? q.slice(end + 1) : (v[2] ?? v[3] ?? v[4] ?? params.get(v[1] ?? '') ?? '');
  return text.trim() === '' ? undefined : text.trim();
}
