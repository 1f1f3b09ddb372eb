/** User Behavior Insights: queries and events of an index dump, as documents, hits of a search, or pairs of a bulk request. */
import { InvalidLine } from '../errors.ts';
import { parseJsonObject } from '../sources/fields.ts';
import { isObject, type LogReader, type LogSink, shown, textOf, timeOf } from './reader.ts';

/** Queries whose clicks are counted; those beyond have unknown clicks. */
const MOST_QUERIES = 1 << 20;
const CLICKS = new Set(['click', 'clicked', 'click_through', 'select', 'product_click', 'item_click']);

/** Clicks by query id: of all files, gathered before the queries are read, which events follow. */
export class UbiClicks {
  readonly #clicks: Map<string, number>;
  #hasEvents: boolean;
  #isFull: boolean;

  constructor() {
    this.#clicks = new Map();
    this.#hasEvents = false;
    this.#isFull = false;
  }

  event(queryId: string, action: string): void {
    this.#hasEvents = true;
    if (queryId === '' || !CLICKS.has(action.toLowerCase())) return;
    const before = this.#clicks.get(queryId);
    if (before === undefined && this.#clicks.size >= MOST_QUERIES) this.#isFull = true;
    else this.#clicks.set(queryId, (before ?? 0) + 1);
  }

  /** Clicks of a query; -1 where there are no events, or nobody can tell. */
  of(queryId: string): number {
    if (!this.#hasEvents || queryId === '') return -1;
    return this.#clicks.get(queryId) ?? (this.#isFull ? -1 : 0);
  }
}

/** Gathers the clicks of a file; gives no rows. What cannot be read is told when the file is read for its rows. */
export class UbiClickReader implements LogReader {
  readonly #clicks: UbiClicks;

  constructor(clicks: UbiClicks) {
    this.#clicks = clicks;
  }

  record(text: string): void {
    if (!text.includes('action_name')) return;
    let record: unknown;
    try {
      record = JSON.parse(text);
    } catch {
      return;
    }
    const document = isObject(record) ? documentIn(record) : undefined;
    if (document === undefined || !('action_name' in document)) return;
    this.#clicks.event(textOf(document['query_id']), textOf(document['action_name']));
  }
}

/** Reads the queries. */
export class UbiReader implements LogReader {
  readonly #sink: LogSink;
  readonly #clicks: UbiClicks;

  constructor(sink: LogSink, clicks: UbiClicks) {
    this.#sink = sink;
    this.#clicks = clicks;
  }

  record(text: string): void {
    const document = documentIn(parseJsonObject(text));
    if (document === undefined) return;
    if ('action_name' in document) {
      this.#sink.leftOut('event');
      return;
    }
    const query = document['user_query'];
    if (query === null) {
      this.#sink.leftOut('noText');
      return;
    }
    if (typeof query !== 'string') {
      throw new InvalidLine(
        `expected a UBI query with a text as "user_query", or an event with "action_name", found ${shown(document)}`,
      );
    }
    const found = document['query_response_hit_ids'];
    this.#sink.row({
      query,
      count: 1,
      // Of the first page: 0 is sure, more is at least so many.
      hits: Array.isArray(found) ? found.length : -1,
      clicks: this.#clicks.of(textOf(document['query_id'])),
      session: sessionOf(document),
      timeMs: timeOf(document['timestamp']),
    });
  }
}

/** The document of a line; undefined for the first line of a pair in a bulk request. */
function documentIn(record: Record<string, unknown>): Record<string, unknown> | undefined {
  if (isObject(record['_source'])) return record['_source'];
  const [name, ...more] = Object.keys(record);
  const isAction = more.length === 0 && (name === 'index' || name === 'create') && isObject(record[name]);
  return isAction ? undefined : record;
}

/** A session is finer than a client; old samples have users alone. */
function sessionOf(document: Record<string, unknown>): string {
  const attributes = isObject(document['query_attributes']) ? document['query_attributes'] : {};
  for (const value of [document['session_id'], attributes['session_id'], document['client_id'], document['user_id']]) {
    const text = textOf(value);
    if (text !== '') return text;
  }
  return '';
}
