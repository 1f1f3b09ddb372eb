/** The text of a sequence to its elements: terms, one wildcard at most, placeholders. docs/rule-language.md describes it. */
import { normalise } from '../../../stores/text/normalise.ts';
import { tokenise } from '../../../stores/text/tokenise.ts';
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

/** A stretch without white space: its letters, and which of them a backslash made letters. */
interface Piece {
  readonly text: string;
  readonly escaped: readonly boolean[];
}

/** Reads a sequence. `elements` are those that could be read. */
export function parseSequence(text: string): ParsedSequence {
  const problems: SequenceProblem[] = [];
  const elements: Element[] = [];
  let literal: string[] = [];
  let wildcards = 0;
  const endLiteral = (): void => {
    for (const term of queryTerms(literal.join(' '))) elements.push({ kind: 'term', text: term });
    literal = [];
  };
  for (const piece of piecesOf(text, problems)) {
    const special = specialOf(piece, problems);
    if (special === undefined) {
      literal.push(piece.text);
      continue;
    }
    endLiteral();
    if (special === 'bad') continue;
    if (special.kind !== 'placeholder') wildcards++;
    elements.push(special);
  }
  endLiteral();
  if (wildcards > 1)
    problems.push({ code: 'two-wildcards', message: `"${text}" has ${wildcards} wildcards; one is allowed` });
  if (elements.length > MAX_ELEMENTS) {
    problems.push({
      code: 'too-many-terms',
      message: `"${text.slice(0, 60)}..." has ${elements.length} terms; at most ${MAX_ELEMENTS}`,
    });
  }
  if (elements.length === 0 && problems.length === 0) {
    problems.push({
      code: 'empty-trigger',
      message:
        text.trim() === ''
          ? 'a sequence without a term'
          : `"${text}" holds signs alone, which are in no query's terms; it would never fire`,
    });
  }
  return { elements, problems };
}

function piecesOf(text: string, problems: SequenceProblem[]): Piece[] {
  const pieces: Piece[] = [];
  let letters = '';
  let escaped: boolean[] = [];
  const end = (): void => {
    if (letters !== '') pieces.push({ text: letters, escaped });
    letters = '';
    escaped = [];
  };
  for (let i = 0; i < text.length; i++) {
    let unit = text[i]!;
    if (/\s/.test(unit)) {
      end();
      continue;
    }
    const isEscape = unit === '\\';
    if (isEscape) {
      if (++i === text.length) {
        problems.push({ code: 'bad-escape', message: `"${text}" ends with a backslash; write "\\\\" for one` });
        break;
      }
      unit = text[i]!;
    }
    letters += unit;
    escaped.push(isEscape);
  }
  end();
  return pieces;
}

/** A wildcard or a placeholder; undefined for letters alone. */
function specialOf({ text, escaped }: Piece, problems: SequenceProblem[]): Element | 'bad' | undefined {
  const stars = positions(text, escaped, '*');
  const braces = positions(text, escaped, '{').length + positions(text, escaped, '}').length;
  const bad = (code: RuleProblemCode, message: string): 'bad' => {
    problems.push({ code, message });
    return 'bad';
  };
  if (braces > 0) {
    const name = text.slice(1, -1);
    const isWhole = text.startsWith('{') && text.endsWith('}') && braces === 2 && name !== '';
    if (isWhole) return { kind: 'placeholder', name };
    return bad(
      'bad-placeholder',
      `"${text}": a placeholder is a term of its own, as "{brand}"; write "\\{" for a brace`,
    );
  }
  if (stars.length === 0) return undefined;
  if (stars.length > 1) return bad('two-wildcards', `"${text}" has ${stars.length} wildcards; one is allowed`);
  const isPrefix = stars[0] === text.length - 1;
  const affix = normalise(isPrefix ? text.slice(0, -1) : text.slice(1));
  if ((!isPrefix && stars[0] !== 0) || affix.includes(' ') || !/[\p{L}\p{N}]/u.test(affix)) {
    return bad(
      'bad-wildcard',
      `"${text}": a wildcard begins or ends a term, as "sofa*" or "*hemd"; write "\\*" for a star`,
    );
  }
  return { kind: isPrefix ? 'prefix' : 'suffix', text: affix };
}

function positions(text: string, escaped: readonly boolean[], sign: string): number[] {
  const found: number[] = [];
  for (let i = 0; i < text.length; i++) if (text[i] === sign && !escaped[i]) found.push(i);
  return found;
}
