/**
 * Boolean conditions as programs in reverse Polish form: a number of 0 and more is the sequence of that number, whether it was found;
 * the negative ones are the operators.
 */
import type { Expression, SequenceTrigger } from '../model/rule.ts';

export const AND = -1;
export const OR = -2;
export const NOT = -3;

export interface Program {
  readonly code: readonly number[];
  readonly sequences: readonly Omit<SequenceTrigger, 'kind'>[];
}

/** The program of an expression without empty lists. */
export function programOf(expression: Expression): Program {
  const code: number[] = [];
  const sequences: Omit<SequenceTrigger, 'kind'>[] = [];
  const visit = (node: Expression): void => {
    if ('sequence' in node) {
      code.push(sequences.length);
      sequences.push(node.sequence);
    } else if ('not' in node) {
      visit(node.not);
      code.push(NOT);
    } else {
      const [parts, operator] = 'and' in node ? [node.and, AND] : [node.or, OR];
      for (const [i, part] of parts.entries()) {
        visit(part);
        if (i > 0) code.push(operator);
      }
    }
  };
  visit(expression);
  return { code, sequences };
}

/** An evaluation takes one more than the expression is deep: 100 levels at most, where rule sets are read. */
const stack = new Uint8Array(256);

/**
 * Whether `code[start, end)` is true where `found[first + i]` equals `mark` for each sequence i that was found.
 *
 * Hot path: allocates nothing.
 */
export function isTrue(
  code: ArrayLike<number>,
  start: number,
  end: number,
  found: Uint32Array,
  first: number,
  mark: number,
): boolean {
  let top = -1;
  for (let i = start; i < end; i++) {
    const op = code[i]!;
    if (op >= 0) stack[++top] = found[first + op] === mark ? 1 : 0;
    else if (op === NOT) stack[top] = 1 - stack[top]!;
    else {
      top--;
      stack[top] = op === AND ? stack[top]! & stack[top + 1]! : stack[top]! | stack[top + 1]!;
    }
  }
  return stack[top] === 1;
}
