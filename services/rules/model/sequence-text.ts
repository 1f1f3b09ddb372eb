/**
 * The text of a sequence, as terms: split at white space; `sofa*` a prefix, `*hemd` a suffix, `{brand}` a placeholder; `\` makes the
 * sign after it a letter. docs/rule-formats.md says how formats map to it.
 */

import type { ModelProblemCode } from './errors.ts';

/** One term of a sequence. */
export interface SequenceTerm {
  readonly kind: 'term' | 'prefix' | 'suffix' | 'placeholder';
  /** Without escapes and signs; of a placeholder its name. */
  readonly text: string;
}

/** A sign of a sequence's text: a letter if it was escaped. */
interface Sign {
  readonly sign: string;
  readonly escaped: boolean;
}

/** What is wrong with the text of a sequence. */
export interface SequenceProblem {
  readonly code: ModelProblemCode;
  readonly message: string;
}

/** The terms of a sequence, or what is wrong with its text. */
export function readSequenceText(text: string): readonly SequenceTerm[] | SequenceProblem {
  const terms: SequenceTerm[] = [];
  for (const signs of words(text)) {
    const term = termOf(signs);
    if ('code' in term) return term;
    terms.push(term);
  }
  if (terms.length === 0) return { code: 'empty-trigger', message: 'expected at least one term' };
  const wildcards = terms.filter(({ kind }) => kind === 'prefix' || kind === 'suffix').length;
  return wildcards > 1
    ? { code: 'two-wildcards', message: `expected at most one wildcard, found ${wildcards}` }
    : terms;
}

/** As `readSequenceText`, with the message alone of what is wrong. */
export function parseSequenceText(text: string): readonly SequenceTerm[] | string {
  const terms = readSequenceText(text);
  return 'code' in terms ? terms.message : terms;
}

/** Text whose every sign is meant as a letter, as the text of a sequence. */
export function escapeSequence(text: string): string {
  return text.replace(/[\\*{}]/g, '\\$&');
}

/** The text of a sequence without wildcards and placeholders; undefined where it has some, or is none. */
export function plainSequence(text: string): string | undefined {
  const terms = parseSequenceText(text);
  if (typeof terms === 'string' || terms.some(({ kind }) => kind !== 'term')) return undefined;
  return terms.map((term) => term.text).join(' ');
}

function words(text: string): Sign[][] {
  const all: Sign[][] = [];
  let word: Sign[] = [];
  const end = () => {
    if (word.length > 0) all.push(word);
    word = [];
  };
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] as string;
    const next = text[i + 1];
    if (sign === '\\' && next !== undefined) {
      word.push({ sign: next, escaped: true });
      i++;
    } else if (/\s/.test(sign)) end();
    else word.push({ sign, escaped: false });
  }
  end();
  return all;
}

function termOf(signs: readonly Sign[]): SequenceTerm | SequenceProblem {
  const is = (at: number, sign: string) => signs.at(at)?.sign === sign && signs.at(at)?.escaped === false;
  const textOf = (from: number, to: number) =>
    signs
      .slice(from, to)
      .map(({ sign }) => sign)
      .join('');
  const last = signs.length;
  if (is(0, '{') && is(-1, '}')) {
    const name = textOf(1, last - 1);
    return /^[^\s{}*\\]+$/.test(name)
      ? { kind: 'placeholder', text: name }
      : { code: 'bad-placeholder', message: `expected a name in braces, found "{${name}}"` };
  }
  const [from, to] = [is(0, '*') ? 1 : 0, is(-1, '*') ? last - 1 : last];
  if (from >= to) return { code: 'bad-wildcard', message: 'expected letters beside the wildcard "*"' };
  const inner = signs.slice(from, to).find(({ sign, escaped }) => !escaped && '*{}'.includes(sign));
  if (inner !== undefined) {
    const code = inner.sign === '*' ? 'bad-wildcard' : 'bad-placeholder';
    const where =
      inner.sign === '*' ? '"*" at the border of a term' : 'a placeholder as a term of its own, as "{brand}"';
    return { code, message: `expected ${where}, or "\\${inner.sign}" for the sign, found "${textOf(0, last)}"` };
  }
  if (from === 1 && to < last) {
    return { code: 'two-wildcards', message: `expected one wildcard in a term, found "${textOf(0, last)}"` };
  }
  return { kind: from === 1 ? 'suffix' : to < last ? 'prefix' : 'term', text: textOf(from, to) };
}
