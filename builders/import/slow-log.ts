/** Slow logs of Elasticsearch and OpenSearch: JSON lines and the older plain text, mixed or not. */
import { LRUMap } from '../../stores/lru.ts';
import { InvalidLine } from '../errors.ts';
import { parseJsonObject } from '../sources/fields.ts';
import { typedIn } from './query-dsl.ts';
import { countOf, type LogOptions, type LogReader, type LogSink, shown, textOf, timeOf } from './reader.ts';
import { PLAIN_ROW } from './row.ts';

/** Searches remembered, to know them again on other shards. */
const REMEMBERED = 1 << 16;
/** Shards of one search log within this. */
const WITHIN_MS = 1000;
/** With the request's own id: a scroll of many phases too. */
const WITH_ID_MS = 60_000;
/** So often may JSON stand in a JSON text: some layouts escape twice. */
const MOST_LAYERS = 3;

/** What a line says, whichever way it is written. */
interface SlowLine {
  readonly time: unknown;
  readonly source: unknown;
  readonly hits: unknown;
  readonly shards: unknown;
  readonly id: string;
}

/**
 * Each shard and each phase of a search has a line of its own. They are one search where the request's id and source, or
 * without an id source and second, are the same. Hits are those of one shard: they are told where there is no other, or
 * where there are some.
 */
export class SlowLogReader implements LogReader {
  readonly #sink: LogSink;
  readonly #pointer: string | undefined;
  readonly #seen: LRUMap<string, number>;

  constructor(sink: LogSink, { queryPointer }: LogOptions) {
    this.#sink = sink;
    this.#pointer = queryPointer;
    this.#seen = new LRUMap(REMEMBERED);
  }

  record(text: string): void {
    const line = text.trimStart().startsWith('{') ? fromJson(text) : fromText(text);
    if (typeof line === 'string') {
      this.#sink.leftOut(line);
      return;
    }
    const { source, id } = line;
    const request = typeof source === 'string' ? decoded(source) : source;
    if (request === undefined) {
      this.#sink.leftOut('cut');
      return;
    }
    const typed = typedIn(request, this.#pointer);
    if ('why' in typed) {
      this.#sink.leftOut(typed.why);
      return;
    }
    const timeMs = timeOf(line.time);
    if (this.#isRepeated(`${id}\n${JSON.stringify(request)}`, timeMs, id === '' ? WITHIN_MS : WITH_ID_MS)) {
      this.#sink.leftOut('repeated');
      return;
    }
    this.#sink.row({ ...PLAIN_ROW, query: typed.text, hits: hitsOf(line.hits, line.shards), timeMs });
  }

  #isRepeated(key: string, timeMs: number, withinMs: number): boolean {
    const before = this.#seen.get(key);
    this.#seen.set(key, timeMs);
    // An unknown time compares as neither: all alike are one then.
    return before !== undefined && !(Math.abs(timeMs - before) > withinMs);
  }
}

function fromJson(text: string): SlowLine | 'action' {
  const record = parseJsonObject(text);
  const value = (name: string) => record[`elasticsearch.slowlog.${name}`] ?? record[name];
  const source = value('source');
  if (source === undefined || source === null) return 'action';
  if (typeof source !== 'string' && typeof source !== 'object') {
    throw new InvalidLine(`expected a search request as "source", found ${shown(source)}`);
  }
  return {
    time: record['@timestamp'] ?? record['timestamp'],
    source,
    hits: value('total_hits'),
    shards: value('total_shards'),
    id: textOf(value('id')),
  };
}

function fromText(text: string): SlowLine | 'action' | 'cut' {
  const time = /^\[(\d{4}-\d{2}-\d{2}[T ][\d:]+(?:[.,]\d+)?[^\]\s]*)\s*\]/.exec(text)?.[1];
  if (time === undefined) {
    throw new InvalidLine(`expected a line of a slow log, [time][level][logger] ..., found ${shown(text)}`);
  }
  const start = /(?:^|[\s,])source\[/.exec(text);
  if (start === null) return 'action';
  const from = start.index + start[0].length;
  const to = endOfObject(text, from);
  if (to < 0) return 'cut';
  const field = (name: string) =>
    new RegExp(`(?:^|[\\s,])${name}\\[([^\\]]*)\\]`).exec(text.slice(0, start.index))?.[1];
  const id = /(?:^|[\s,])id\[([^\]]*)\]/.exec(text.slice(to))?.[1] ?? '';
  return { time, source: text.slice(from, to), hits: field('total_hits'), shards: field('total_shards'), id };
}

/** Where the JSON object that begins at `from` ends: after its last brace, or -1. Braces within texts do not count. */
function endOfObject(text: string, from: number): number {
  if (text[from] !== '{') return -1;
  let depth = 0;
  let isText = false;
  for (let i = from; i < text.length; i++) {
    const character = text[i];
    if (isText) {
      if (character === '\\') i++;
      else if (character === '"') isText = false;
    } else if (character === '"') isText = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return i + 1;
  }
  return -1;
}

/** The request in a text; undefined where it is not whole. */
function decoded(source: string): unknown {
  let value: unknown = source;
  for (let layer = 0; layer < MOST_LAYERS && typeof value === 'string'; layer++) {
    try {
      value = JSON.parse(value);
    } catch {
      value = unescaped(value as string);
      if (value === undefined) return undefined;
    }
  }
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** A text that was escaped once more than it was quoted. */
function unescaped(text: string): unknown {
  if (!text.includes('\\"')) return undefined;
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return undefined;
  }
}

/** `80 hits`, `10000+ hits`, `80` or `-1`. */
function hitsOf(value: unknown, shards: unknown): number {
  const text = textOf(value);
  if (text === '' || text === '-1') return -1;
  const digits = /^(\d+)\+?(?: hits?)?$/.exec(text)?.[1];
  if (digits === undefined)
    throw new InvalidLine(`expected "80 hits" or the like as total_hits, found ${shown(value)}`);
  const hits = countOf(digits, 'total_hits', -1);
  return hits > 0 || textOf(shards) === '1' ? hits : -1;
}
