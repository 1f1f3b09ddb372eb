/** Spelling suggestions in the JSON of Solr's spellcheck component. */
import type { Reading } from './reading.ts';

/** How Solr's `json.nl` writes ordered lists of names and values. */
export const JSON_NL = ['flat', 'map', 'arrarr', 'arrmap', 'arrntv'] as const;

export type JsonNl = (typeof JSON_NL)[number];

/** What a request asks of the spellcheck component. */
export interface SpellcheckAsked {
  readonly nl: JsonNl;
  readonly extendedResults: boolean;
  readonly collate: boolean;
  readonly maxCollations: number;
  readonly collateExtendedResults: boolean;
  /** Most suggestions for a word. */
  readonly count: number;
}

/** Reads the parameters of a request to Solr; what cannot be read has Solr's default. */
export function spellcheckAsked(parameters: URLSearchParams): SpellcheckAsked {
  const nl = parameters.get('json.nl');
  const is = (name: string) => ['true', 'on', 'yes'].includes(parameters.get(name) ?? '');
  return {
    nl: JSON_NL.find((name) => name === nl) ?? 'flat',
    extendedResults: is('spellcheck.extendedResults'),
    // Where nobody asked for the section, it is there for whoever looks: with its collations.
    collate: is('spellcheck.collate') || !is('spellcheck'),
    maxCollations: atLeastOne(parameters.get('spellcheck.maxCollations')),
    collateExtendedResults: is('spellcheck.collateExtendedResults'),
    count: atLeastOne(parameters.get('spellcheck.count')),
  };
}

function atLeastOne(text: string | null): number {
  const number = Number(text);
  return Number.isInteger(number) && number >= 1 ? number : 1;
}

/**
 * The `spellcheck` section as JSON text. It is text, because a list written as `map` may repeat a name.
 *
 * @param correctlySpelled as the engine said it; undefined where it said nothing
 */
export function spellcheckSection(reading: Reading, asked: SpellcheckAsked, correctlySpelled?: boolean): string {
  const isOffered = reading.decision !== 'none';
  const suggestions: [string, string, string][] = [];
  const collations: [string, string, string][] = [];
  if (isOffered) {
    for (const edit of reading.edits) suggestions.push([edit.from, JSON.stringify(suggestion(edit, asked)), 'map']);
    const texts = [reading.rewritten, ...reading.alternatives.map(({ query }) => query)];
    const different = [...new Set(texts)].filter((text) => text !== reading.query);
    for (const [place, text] of different.slice(0, asked.maxCollations).entries()) {
      if (!asked.collateExtendedResults) collations.push(['collation', JSON.stringify(text), 'str']);
      else collations.push(['collation', extendedCollation(text, place === 0 ? reading : null, asked.nl), 'map']);
    }
  }
  const members = [`"suggestions":${namedList(suggestions, asked.nl)}`];
  // What it says is about hits, which the engine alone knows.
  if (asked.extendedResults && correctlySpelled !== undefined) members.push(`"correctlySpelled":${correctlySpelled}`);
  if (asked.collate) members.push(`"collations":${namedList(collations, asked.nl)}`);
  return `{${members.join(',')}}`;
}

function suggestion(edit: Reading['edits'][number], asked: SpellcheckAsked): object {
  const place = { numFound: 1, startOffset: edit.offset, endOffset: edit.offset + edit.length };
  if (!asked.extendedResults) return { ...place, suggestion: [edit.to] };
  return {
    ...place,
    origFreq: edit.fromFrequency ?? 0,
    suggestion: [{ word: edit.to, freq: edit.toFrequency ?? 0 }],
  };
}

/** Nobody has searched for it: its hits are 0, as Solr writes for collations that it did not test. */
function extendedCollation(text: string, reading: Reading | null, nl: JsonNl): string {
  const changed = (reading?.edits ?? []).map(({ from, to }): [string, string, string] => [
    from,
    JSON.stringify(to),
    'str',
  ]);
  return `{"collationQuery":${JSON.stringify(text)},"hits":0,"misspellingsAndCorrections":${namedList(changed, nl)}}`;
}

/** An ordered list of names, values in JSON, and their types. */
function namedList(entries: readonly (readonly [string, string, string])[], nl: JsonNl): string {
  const items = entries.map(([name, value, type]) => {
    const key = JSON.stringify(name);
    if (nl === 'flat') return `${key},${value}`;
    if (nl === 'map') return `${key}:${value}`;
    if (nl === 'arrarr') return `[${key},${value}]`;
    if (nl === 'arrmap') return `{${key}:${value}}`;
    return `{"name":${key},"type":"${type}","value":${value}}`;
  });
  return nl === 'map' ? `{${items.join(',')}}` : `[${items.join(',')}]`;
}
