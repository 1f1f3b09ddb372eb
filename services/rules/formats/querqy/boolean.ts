/** Inputs of Querqy with operators: AND, OR, NOT in any letter case, parentheses; terms side by side are one phrase. */
import type { Expression } from '../../model/rule.ts';
import { parseInput, type QuerqyInput } from './input.ts';

/** What stands in an input: an operator or parenthesis in upper case, or a term. */
interface Token {
  readonly kind: 'AND' | 'OR' | 'NOT' | '(' | ')' | 'term';
  readonly text: string;
}

const OPERATORS: readonly string[] = ['AND', 'OR', 'NOT'];
const MAX_DEPTH = 90;

/** Whether an input holds an operator, by which it is boolean. */
export function isBoolean(input: string): boolean {
  return tokensOf(input).some(({ kind }) => OPERATORS.includes(kind));
}

/** Reads an input with operators, or says what is wrong. @param terms gets what its phrases are */
export function parseBoolean(input: string, phrases: QuerqyInput[]): Expression | string {
  const tokens = tokensOf(input);
  const wrong = wrongOrder(tokens);
  if (wrong !== undefined) return wrong;
  const parser = new Parser(tokens, phrases);
  try {
    return parser.or(0);
  } catch (error) {
    if (error instanceof BooleanError) return error.message;
    throw error;
  }
}

/** A word that would be an operator, or a parenthesis, as a term. */
export function escapeBoolean(term: string): string {
  return OPERATORS.includes(term.toUpperCase()) ? `\\${term}` : term.replace(/[()]/g, '\\$&');
}

class BooleanError extends Error {}

function tokensOf(input: string): Token[] {
  return input
    .trim()
    .split(/\s+/)
    .flatMap((word) => word.split(/(?<=(?<!\\)[()])|(?=(?<!\\)[()])/))
    .filter((piece) => piece !== '')
    .map((piece): Token => {
      const upper = piece.toUpperCase();
      if (OPERATORS.includes(upper) || piece === '(' || piece === ')')
        return { kind: upper as Token['kind'], text: piece };
      const operator = piece.startsWith('\\') && OPERATORS.includes(piece.slice(1).toUpperCase());
      return { kind: 'term', text: operator ? piece.slice(1) : piece.replace(/\\([()])/g, '$1') };
    });
}

function wrongOrder(tokens: readonly Token[]): string | undefined {
  let before: Token['kind'] | undefined;
  let open = 0;
  for (const { kind, text } of tokens) {
    const afterTerm = before === 'term' || before === ')';
    if (kind === '(' && afterTerm) return 'expected an operator before "("';
    if (kind === ')' && !afterTerm) return 'expected a term before ")"';
    if ((kind === 'AND' || kind === 'OR') && !afterTerm) return `expected a term before ${kind}`;
    if (kind === 'NOT' && (afterTerm || before === 'NOT')) return 'expected AND, OR or "(" before NOT';
    if (kind === 'term' && before === ')') return `expected an operator between ")" and "${text}"`;
    open += kind === '(' ? 1 : kind === ')' ? -1 : 0;
    if (open < 0) return 'a ")" without "("';
    before = kind;
  }
  if (before !== 'term' && before !== ')') return 'expected a term at the end';
  return open > 0 ? 'a "(" without ")"' : undefined;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #phrases: QuerqyInput[];
  #at = 0;

  constructor(tokens: readonly Token[], phrases: QuerqyInput[]) {
    this.#tokens = tokens;
    this.#phrases = phrases;
  }

  or(depth: number): Expression {
    const parts = this.#list('OR', () => this.#and(depth));
    return parts.length === 1 ? (parts[0] as Expression) : { or: parts };
  }

  #and(depth: number): Expression {
    const parts = this.#list('AND', () => this.#not(depth));
    return parts.length === 1 ? (parts[0] as Expression) : { and: parts };
  }

  #not(depth: number): Expression {
    if (this.#take('NOT')) return { not: this.#primary(depth) };
    return this.#primary(depth);
  }

  #primary(depth: number): Expression {
    if (this.#take('(')) {
      if (depth >= MAX_DEPTH) throw new BooleanError(`expected at most ${MAX_DEPTH} levels of parentheses`);
      const inner = this.or(depth + 1);
      this.#take(')');
      return inner;
    }
    const words: string[] = [];
    while (this.#tokens[this.#at]?.kind === 'term') words.push(this.#tokens[this.#at++]?.text ?? '');
    const input = parseInput(words.join(' '));
    if (typeof input === 'string') throw new BooleanError(input);
    this.#phrases.push(input);
    return { sequence: input.sequence };
  }

  #list(operator: Token['kind'], read: () => Expression): Expression[] {
    const parts = [read()];
    while (this.#take(operator)) parts.push(read());
    return parts;
  }

  #take(kind: Token['kind']): boolean {
    if (this.#tokens[this.#at]?.kind !== kind) return false;
    this.#at++;
    return true;
  }
}
