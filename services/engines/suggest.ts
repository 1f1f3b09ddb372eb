import type { Reading } from './reading.ts';

/** What a request for a phrase suggestion asks for. */
export interface PhraseAsked {
  /** Most options. */
  readonly size: number;
  /** Around each run of changed words; null: no `highlighted`. */
  readonly tags: { readonly pre: string; readonly post: string } | null;
}

/** As Elasticsearch and OpenSearch have it. */
export const PHRASE_DEFAULTS: PhraseAsked = Object.freeze({ size: 5, tags: null });

interface PhraseOption {
  readonly text: string;
  readonly highlighted?: string;
  readonly score: number;
}

/**
 * The entries of a `phrase` suggestion in the form of Elasticsearch and OpenSearch: one for the whole text, its options by
 * probability. Without a change worth offering it has no options.
 */
export function phraseEntries(reading: Reading, asked: PhraseAsked = PHRASE_DEFAULTS): readonly object[] {
  const { query: text, rewritten, decision, confidence, alternatives, queryId } = reading;
  const options: PhraseOption[] = [];
  if (decision !== 'none') {
    const highlighted = asked.tags === null ? undefined : highlight(reading, asked.tags);
    options.push({
      text: rewritten,
      ...(highlighted !== undefined && { highlighted }),
      score: Math.fround(confidence),
    });
    for (const other of alternatives) {
      if (other.query !== text && other.query !== rewritten) {
        options.push({ text: other.query, score: Math.fround(other.confidence) });
      }
    }
  }
  return [
    {
      text,
      offset: 0,
      length: text.length,
      options: options.slice(0, asked.size),
      _emend: { decision, confidence, queryId },
    },
  ];
}

/** `rewritten` with tags around what was changed: changes with only spaces between them share a pair. */
function highlight({ rewritten, edits }: Reading, { pre, post }: { pre: string; post: string }): string {
  const runs: { start: number; end: number }[] = [];
  for (const { rewrittenOffset: start, rewrittenLength } of edits) {
    const end = start + rewrittenLength;
    const last = runs.at(-1);
    if (last !== undefined && rewritten.slice(last.end, start).trim() === '') last.end = end;
    else runs.push({ start, end });
  }
  let marked = '';
  let at = 0;
  for (const { start, end } of runs) {
    marked += `${rewritten.slice(at, start)}${pre}${rewritten.slice(start, end)}${post}`;
    at = end;
  }
  return marked + rewritten.slice(at);
}
