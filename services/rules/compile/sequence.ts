/** The text of a sequence to its elements: terms, one wildcard at most, placeholders. docs/rule-language.md describes it. */
import { normalise } from '../../../stores/text/normalise.ts';
import { tokenise } from '../../../stores/text/tokenise.ts';
import { readSequenceText } from '../model/sequence-text.ts';
import type { RuleProblemCode } from './problems.ts';

/** Elements of the longest sequence. */
export const MAX_ELEMENTS = 32;

/** One place of a sequence. `text` is in the form of terms. */
export type Element =
  | { readonly kind: 'term' | 'prefix' | 'suffix'; readonly text: string }
  | { readonly kind: 'placeholder'; readonly name: string };

/** What is wrong with a sequence. */
export interface SequenceProblem {
  readonly code: RuleProblemCode;
  readonly message: string;
}

export interface ParsedSequence {
  readonly elements: readonly Element[];
  readonly problems: readonly SequenceProblem[];
}

/** The terms of a text as queries have them: signs between them do not count. */
export function queryTerms(text: string): string[] {
  const terms: string[] = [];
  for (const token of tokenise(text, { syntax: 'plain' })) if (token.class !== 'symbol') terms.push(token.text);
  return terms;
}

/** Reads a sequence. `elements` are those that could be read. */
export function parseSequence(text: string): ParsedSequence {
  const read = readSequenceText(text);
  if ('code' in read) return { elements: [], problems: [read] };
  const problems: SequenceProblem[] = [];
  const elements: Element[] = [];
  let literal: string[] = [];
  const endLiteral = (): void => {
    for (const term of queryTerms(literal.join(' '))) elements.push({ kind: 'term', text: term });
    literal = [];
  };
  for (const term of read) {
    if (term.kind === 'term') {
      literal.push(term.text);
      continue;
    }
    endLiteral();
    if (term.kind === 'placeholder') {
      elements.push({ kind: 'placeholder', name: term.text });
      continue;
    }
    const affix = normalise(term.text);
    if (!affix.includes(' ') && /[\p{L}\p{N}]/u.test(affix)) elements.push({ kind: term.kind, text: affix });
    else
      problems.push({
        code: 'bad-wildcard',
        message: `"${text}": expected letters of one term beside the wildcard "*"`,
      });
  }
  endLiteral();
  if (elements.length > MAX_ELEMENTS) {
    problems.push({
      code: 'too-many-terms',
      message: `"${text.slice(0, 60)}..." has ${elements.length} terms; at most ${MAX_ELEMENTS}`,
    });
  }
  if (elements.length === 0 && problems.length === 0) {
    problems.push({
      code: 'empty-trigger',
      message: `"${text}" holds signs alone, which are in no query's terms; it would never fire`,
    });
  }
  return { elements, problems };
}
