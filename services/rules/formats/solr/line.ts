/** One line of Solr's synonyms.txt, which the synonyms of Elasticsearch are too. */
import type { NewRule, RuleEntry } from '../shared/rule-import.ts';
import { equivalents, squeeze, synonym, wordsTrigger } from '../shared/synonyms.ts';

export interface SolrLineOptions {
  /** Whether terms of a list stand for one another; else all become the first. Explicit mappings are not affected. */
  readonly expand: boolean;
  /** Whether empty terms are passed over; else they are errors. */
  readonly lenient: boolean;
}

/** An arrow as people write it by mistake. */
const WRONG_ARROW = /->|[\u2192\u21d2]|(?:^|[^=])=(?:$|[^>=])/;

/** Reads a line that is no comment and not empty into an entry. @param id of the rule, where it has one of its own */
export function readSolrLine(entry: RuleEntry, line: string, options: SolrLineOptions, id = ''): void {
  const sides = splitEscaped(line, '=>');
  if (sides.length > 2) {
    entry.refuse('SYNTAX', `expected one "=>", found ${sides.length - 1}; write one rule "from => to" on each line`);
    return;
  }
  const [left = '', right] = sides;
  if (right === undefined && left !== line) {
    // Lucene takes the arrow for a part of a term then, which no query has.
    terms(entry, line, options);
    if (entry.refused) return;
    const side = line.startsWith('=>') ? 'before' : 'after';
    const message = `nothing ${side} the arrow: the rule never fires; write "from => to"`;
    entry.warn('NEVER_FIRES', message);
    entry.lose('the rule', message);
    return;
  }
  const from = terms(entry, left, options);
  const to = right === undefined ? undefined : terms(entry, right, options);
  if (entry.refused) return;
  const rule = to === undefined ? listRule(entry, line, from, options) : mappingRule(entry, from, to);
  if (rule !== undefined) entry.add({ id: id || squeeze(line), ...rule }, true);
}

/** The pieces of a line between separators; a backslash and the sign after it stay together. Empty pieces are dropped. */
export function splitEscaped(line: string, separator: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (let at = 0; at < line.length; ) {
    if (line.startsWith(separator, at)) {
      if (piece !== '') pieces.push(piece);
      piece = '';
      at += separator.length;
    } else {
      const length = line[at] === '\\' && at + 1 < line.length ? 2 : 1;
      piece += line.slice(at, at + length);
      at += length;
    }
  }
  if (piece !== '') pieces.push(piece);
  return pieces;
}

/** A text with the signs that mean something escaped. */
export function escapeSolr(text: string): string {
  const escaped = text.replace(/[\\,]|=>/g, '\\$&');
  return escaped.startsWith('#') ? `\\${escaped}` : escaped;
}

function terms(entry: RuleEntry, side: string, { lenient }: SolrLineOptions): string[] {
  const all = splitEscaped(side, ',').map((piece) => squeeze(piece.replace(/\\(.)/gs, '$1')));
  const full = all.filter((term) => term !== '');
  if (full.length < all.length) {
    if (lenient) entry.lose('an empty term', 'lenient: passed over');
    else entry.refuse('SYNTAX', 'an empty term; write a term between two commas');
  }
  return full;
}

function listRule(
  entry: RuleEntry,
  line: string,
  from: readonly string[],
  { expand }: SolrLineOptions,
): Omit<NewRule, 'id'> | undefined {
  const distinct = [...new Set(from)];
  const [first] = distinct;
  if (WRONG_ARROW.test(line) && !line.includes('=>')) {
    entry.warn(
      'SUSPECT',
      `a wrong arrow in ${JSON.stringify(line.trim())}: it is taken for a part of the term; write "from => to"`,
    );
  }
  if (first === undefined || distinct.length === 1) {
    const message = 'one term alone: the rule never fires; write "from => to", or two terms and more';
    entry.warn('NEVER_FIRES', message);
    entry.lose('the rule', message);
    return undefined;
  }
  if (expand) return equivalents(distinct);
  return { triggers: distinct.map((term) => wordsTrigger(term)), actions: [synonym(first, false)] };
}

function mappingRule(
  entry: RuleEntry,
  from: readonly string[],
  to: readonly string[],
): Omit<NewRule, 'id'> | undefined {
  if (from.length === 0 || to.length === 0) {
    entry.lose('the rule', 'nothing is left of one side');
    return undefined;
  }
  const [left, right] = [[...new Set(from)], [...new Set(to)]];
  // Solr keeps what was typed only where it stands on the right too.
  return {
    triggers: left.map((term) => wordsTrigger(term)),
    actions: right
      .map((term) => synonym(term, left.length === 1 && right.length > 1 && right.includes(left[0] ?? '')))
      .filter((action) => action.keepOriginal === false || action.to !== left[0]),
  };
}
