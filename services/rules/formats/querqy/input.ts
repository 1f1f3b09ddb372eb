/** The input of one of Querqy's rules, the text before its arrow, as a trigger. */
import type { Anchor, SequenceTrigger } from '../../model/rule.ts';
import { endsWithUnescaped, indexOfUnescaped, parseQuerqyTerm, type QuerqyTerm, sequenceOf } from './terms.ts';

export interface QuerqyInput {
  readonly sequence: Omit<SequenceTrigger, 'kind'>;
  readonly terms: readonly QuerqyTerm[];
}

/** Reads an input without operators, or says what is wrong. */
export function parseInput(input: string): QuerqyInput | string {
  let text = input.trim();
  const left = text.startsWith('"');
  if (left) text = text.slice(1).trim();
  const right = endsWithUnescaped(text, '"');
  if (right) text = text.slice(0, -1).trim();
  if (text === '') return 'expected terms before "=>", found none';
  const misplaced = wrongWildcard(text, left, right);
  if (misplaced !== undefined) return misplaced;
  const terms: QuerqyTerm[] = [];
  for (const raw of text.split(/\s+/)) {
    const term = parseQuerqyTerm(raw);
    if (typeof term === 'string') return term;
    if (term.text === '') return `expected letters in the term "${raw}"`;
    terms.push(term);
  }
  const suffix = terms.some(({ kind }) => kind === 'suffix');
  if (suffix && terms.some(({ kind, fields }) => kind !== 'suffix' && fields.length > 0)) {
    return 'field names beside a leading wildcard, which Querqy refuses';
  }
  const anchor: Anchor = left ? (right ? 'both' : 'start') : right ? 'end' : 'any';
  const sequence = { text: terms.map(sequenceOf).join(' '), ...(anchor === 'any' ? {} : { anchor }) };
  return { sequence, terms };
}

function wrongWildcard(text: string, left: boolean, right: boolean): string | undefined {
  const at = indexOfUnescaped(text, '*');
  if (at < 0) return undefined;
  if (indexOfUnescaped(text, '*', at + 1) >= 0) return 'expected at most one wildcard "*" in an input';
  const atStart = at === 0 || /\s/.test(text[at - 1] ?? '');
  const atEnd = at === text.length - 1 || /\s/.test(text[at + 1] ?? '');
  if (atStart && atEnd) return 'expected letters beside the wildcard "*"';
  // A field name stands before the term that it is of.
  const afterField = text[at - 1] === ':' && !atEnd;
  if (atEnd) {
    if (at < text.length - 1) return 'expected a trailing wildcard "*" at the last term';
    return right ? 'a trailing wildcard "*" does not go with a right boundary' : undefined;
  }
  if (!atStart && !afterField) return 'expected the wildcard "*" at the border of a term';
  return at === 0 && left ? 'a leading wildcard "*" does not go with a left boundary' : undefined;
}
