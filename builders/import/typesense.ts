/** Typesense: documents that analytics rules fill, exported as JSONL or as a list. */
import { InvalidLine } from '../errors.ts';
import { JsonDocuments } from './json-documents.ts';
import { countOf, eachOf, isObject, type LogReader, type LogSink, shown, textOf, timeOf } from './reader.ts';

/** @param isNoHits whether the documents are of a rule for searches without results, which nothing in them says */
export function typesenseReader(sink: LogSink, isNoHits: boolean): LogReader {
  const take = (document: unknown): void => {
    if (Array.isArray(document)) {
      eachOf(document, sink, take);
      return;
    }
    const query = isObject(document) ? (document['q'] ?? document['query']) : undefined;
    if (!isObject(document) || typeof query !== 'string') {
      throw new InvalidLine(`expected a document with a text as "q" or "query", found ${shown(document)}`);
    }
    const count = countOf(document['count'], 'count', 1);
    if (count === 0) {
      sink.leftOut('never');
      return;
    }
    const hits = isNoHits ? 0 : countOf(document['hits_count'], 'hits_count', -1);
    const session = textOf(document['user_id']);
    sink.row({ query, count, hits, clicks: -1, session, timeMs: timeOf(document['timestamp']) });
  };
  return new JsonDocuments(take);
}
