/**
 * Finds all triggers of a rule set in a row of terms.
 *
 * Hot path: a walk of the automaton from each term costs what is found, whatever the number of rules: a term that begins no sequence
 * takes one look-up. Everything is kept in columns that grow and stay; nothing is allocated for a query.
 */
import { ANCHOR_END, ANCHOR_START, ATOM_INTS, ROOT } from './automaton-builder.ts';
import { type CompiledColumns, TRIGGER_INTS, TriggerKind } from './format.ts';
import { findPair } from './pair-table.ts';
import { isTrue } from './programs.ts';
import { MAX_ELEMENTS } from './sequence.ts';
import { findTerm } from './term-table.ts';

/** Sequences found in one query at most: beyond, the rest of it has none. */
const MOST_MATCHES = 4096;
/** Steps of one walk at most: rules with many placeholders in a row would take more. */
const MOST_STEPS = 1 << 18;

/** Finds regular expressions; see `engine/regexes.ts`. */
export interface RegexFinder {
  /** Calls `found` with the terms [from, to) of each run that trigger `trigger` matches. */
  find(trigger: number, terms: readonly string[], found: (from: number, to: number) => void): void;
}

/** Matches of one query, as columns. Trigger i holds for the terms [from, to). */
export class Matcher {
  readonly #columns: CompiledColumns;
  readonly #regexes: RegexFinder | undefined;
  count = 0;
  readonly trigger = new Int32Array(MOST_MATCHES);
  readonly from = new Int32Array(MOST_MATCHES);
  readonly to = new Int32Array(MOST_MATCHES);
  /** Of a match of a sequence where its elements begin in `bounds`; -1 of all others. */
  readonly boundsAt = new Int32Array(MOST_MATCHES);
  /** For each sequence found: where each of its elements begins, and the end of the last. */
  bounds = new Int32Array(1024);
  #boundsEnd = 0;
  /** Whether more was to be found than there was room for. */
  isCut = false;
  /** Sequences of boolean triggers that were found: their number, and the terms. */
  readonly #found: Uint32Array;
  readonly #foundFrom: Int32Array;
  readonly #foundTo: Int32Array;
  readonly #candidates: number[] = [];
  readonly #isCandidate: Uint32Array;
  #mark = 0;
  /** Symbols of the terms: those of term i from `#symbolStarts[i]` on. */
  #symbolStarts = new Int32Array(64);
  #symbols = new Int32Array(256);
  readonly #elementStarts = new Int32Array(MAX_ELEMENTS + 1);
  #stack = new Int32Array(3 * 256);
  #steps = 0;
  readonly #hasAffixes: boolean;
  readonly #hasTerms: boolean;

  constructor(columns: CompiledColumns, regexes?: RegexFinder) {
    this.#columns = columns;
    this.#regexes = regexes;
    const operands = operandCount(columns);
    this.#found = new Uint32Array(operands);
    this.#foundFrom = new Int32Array(operands);
    this.#foundTo = new Int32Array(operands);
    this.#isCandidate = new Uint32Array(columns.triggers.length / TRIGGER_INTS);
    this.#hasAffixes = columns.prefixSymbols.length > 2 || columns.suffixSymbols.length > 2;
    this.#hasTerms = columns.atoms.length > 0;
  }

  /** Finds all that hold for these terms; `count` and the columns then tell. */
  match(terms: readonly string[]): void {
    this.count = 0;
    this.isCut = false;
    this.#boundsEnd = 0;
    this.#steps = 0;
    this.#mark++;
    this.#candidates.length = 0;
    const { everyQuery, emptyQuery, triggers } = this.#columns;
    if (terms.length === 0) for (let i = 0; i < emptyQuery.length; i++) this.#add(emptyQuery[i]!, 0, 0, -1);
    else if (this.#hasTerms) {
      this.#readSymbols(terms);
      for (let at = 0; at < terms.length; at++) this.#walk(at, terms.length);
    }
    for (let i = 0; i < everyQuery.length; i++) {
      const trigger = everyQuery[i]!;
      const kind = triggers[TRIGGER_INTS * trigger + 1];
      if (kind === TriggerKind.always) this.#add(trigger, 0, terms.length, -1);
      else if (kind === TriggerKind.boolean) this.#propose(trigger);
      else this.#regexes?.find(trigger, terms, (from, to) => this.#add(trigger, from, to, -1));
    }
    for (let i = 0; i < this.#candidates.length; i++) this.#decide(this.#candidates[i]!, terms.length);
  }

  #add(trigger: number, from: number, to: number, boundsAt: number): void {
    if (this.count === MOST_MATCHES) {
      this.isCut = true;
      return;
    }
    this.trigger[this.count] = trigger;
    this.from[this.count] = from;
    this.to[this.count] = to;
    this.boundsAt[this.count++] = boundsAt;
  }

  #propose(trigger: number): void {
    if (this.#isCandidate[trigger] === this.#mark) return;
    this.#isCandidate[trigger] = this.#mark;
    this.#candidates.push(trigger);
  }

  /** Adds a boolean trigger where it is true: for the terms from its first sequence that was found to its last. */
  #decide(trigger: number, length: number): void {
    const { triggers, code } = this.#columns;
    const at = TRIGGER_INTS * trigger;
    const first = triggers[at + 5]!;
    if (!isTrue(code, triggers[at + 3]!, triggers[at + 4]!, this.#found, first, this.#mark)) return;
    let from = length;
    let to = 0;
    for (let i = triggers[at + 3]!; i < triggers[at + 4]!; i++) {
      const operand = first + code[i]!;
      if (code[i]! < 0 || this.#found[operand] !== this.#mark) continue;
      if (this.#foundFrom[operand]! < from) from = this.#foundFrom[operand]!;
      if (this.#foundTo[operand]! > to) to = this.#foundTo[operand]!;
    }
    if (from > to) this.#add(trigger, 0, length, -1);
    else this.#add(trigger, from, to, -1);
  }

  #readSymbols(terms: readonly string[]): void {
    const { terms: table, symbolStarts, symbols } = this.#columns;
    if (this.#symbolStarts.length <= terms.length) this.#symbolStarts = new Int32Array(2 * terms.length + 1);
    let count = 0;
    for (let i = 0; i < terms.length; i++) {
      const term = terms[i]!;
      this.#symbolStarts[i] = count;
      const number = findTerm(table, term);
      if (number >= 0) {
        const end = symbolStarts[number + 1]!;
        for (let k = symbolStarts[number]!; k < end; k++) count = this.#pushSymbol(symbols[k]!, count);
      }
      if (this.#hasAffixes) count = this.#readAffixes(term, count);
    }
    this.#symbolStarts[terms.length] = count;
  }

  #readAffixes(term: string, count: number): number {
    const { prefixEdges, prefixSymbols, suffixEdges, suffixSymbols } = this.#columns;
    const { length } = term;
    let node = 0;
    for (let k = 0; k < length; k++) {
      node = findPair(prefixEdges, node, term.charCodeAt(k));
      if (node < 0) break;
      if (k + 1 < length && prefixSymbols[2 * node]! >= 0) count = this.#pushSymbol(prefixSymbols[2 * node]!, count);
      if (prefixSymbols[2 * node + 1]! >= 0) count = this.#pushSymbol(prefixSymbols[2 * node + 1]!, count);
    }
    node = 0;
    for (let k = length - 1; k >= 0; k--) {
      node = findPair(suffixEdges, node, term.charCodeAt(k));
      if (node < 0) break;
      if (k > 0 && suffixSymbols[2 * node]! >= 0) count = this.#pushSymbol(suffixSymbols[2 * node]!, count);
      if (suffixSymbols[2 * node + 1]! >= 0) count = this.#pushSymbol(suffixSymbols[2 * node + 1]!, count);
    }
    return count;
  }

  #pushSymbol(symbol: number, count: number): number {
    if (count === this.#symbols.length) {
      const grown = new Int32Array(2 * count);
      grown.set(this.#symbols);
      this.#symbols = grown;
    }
    this.#symbols[count] = symbol;
    return count + 1;
  }

  /**
   * Reads every sequence that begins at a term: depth first, a frame of the stack for each state, the term it stands at, and the
   * number of elements read. What lies below a frame in `#elementStarts` is of the frames that led to it.
   */
  #walk(start: number, length: number): void {
    const { edges, acceptStarts, placeholderStarts, placeholderEdges } = this.#columns;
    let top = this.#push(0, ROOT, start, 0);
    while (top > 0) {
      top -= 3;
      const state = this.#stack[top]!;
      const at = this.#stack[top + 1]!;
      const depth = this.#stack[top + 2]!;
      this.#elementStarts[depth] = at;
      if (acceptStarts[state]! < acceptStarts[state + 1]!) this.#accept(state, start, at, depth, length);
      if (at === length || ++this.#steps > MOST_STEPS) continue;
      const end = this.#symbolStarts[at + 1]!;
      for (let k = this.#symbolStarts[at]!; k < end; k++) {
        const next = findPair(edges, state, this.#symbols[k]!);
        if (next >= 0) top = this.#push(top, next, at + 1, depth + 1);
      }
      const last = placeholderStarts[state + 1]!;
      for (let k = placeholderStarts[state]!; k < last; k += 2) {
        top = this.#pushValues(top, placeholderEdges[k]!, placeholderEdges[k + 1]!, at, depth + 1, length);
      }
    }
    if (this.#steps > MOST_STEPS) this.isCut = true;
  }

  /** A frame for every end of a value of the placeholder that begins at `at`. */
  #pushValues(top: number, placeholder: number, next: number, at: number, depth: number, length: number): number {
    const { edges, valueRoots, valueEnds } = this.#columns;
    let state = valueRoots[placeholder]!;
    for (let i = at; i < length; i++) {
      let follow = -1;
      // Values are of literal terms: one symbol at most leads on.
      const end = this.#symbolStarts[i + 1]!;
      for (let k = this.#symbolStarts[i]!; k < end && follow < 0; k++)
        follow = findPair(edges, state, this.#symbols[k]!);
      if (follow < 0) break;
      state = follow;
      if (valueEnds[state] === 1) top = this.#push(top, next, i + 1, depth);
    }
    return top;
  }

  #push(top: number, state: number, at: number, depth: number): number {
    if (top + 3 > this.#stack.length) {
      const grown = new Int32Array(2 * this.#stack.length);
      grown.set(this.#stack);
      this.#stack = grown;
    }
    this.#stack[top] = state;
    this.#stack[top + 1] = at;
    this.#stack[top + 2] = depth;
    return top + 3;
  }

  #accept(state: number, from: number, to: number, depth: number, length: number): void {
    const { acceptStarts, accepts, atoms } = this.#columns;
    const last = acceptStarts[state + 1]!;
    let boundsAt = -1;
    for (let k = acceptStarts[state]!; k < last; k++) {
      const at = ATOM_INTS * accepts[k]!;
      const anchor = atoms[at + 1]!;
      if ((anchor & ANCHOR_START) !== 0 && from !== 0) continue;
      if ((anchor & ANCHOR_END) !== 0 && to !== length) continue;
      const trigger = atoms[at]!;
      const operand = atoms[at + 2]!;
      if (operand < 0) {
        if (boundsAt < 0) boundsAt = this.#keepBounds(depth);
        this.#add(trigger, from, to, boundsAt);
        continue;
      }
      if (this.#found[operand] !== this.#mark) {
        this.#found[operand] = this.#mark;
        this.#foundFrom[operand] = from;
        this.#foundTo[operand] = to;
      }
      this.#propose(trigger);
    }
  }

  #keepBounds(depth: number): number {
    const first = this.#boundsEnd;
    if (first + depth + 1 > this.bounds.length) {
      const grown = new Int32Array(2 * (first + depth + 1));
      grown.set(this.bounds);
      this.bounds = grown;
    }
    for (let i = 0; i <= depth; i++) this.bounds[first + i] = this.#elementStarts[i]!;
    this.#boundsEnd = first + depth + 1;
    return first;
  }
}

function operandCount({ triggers, atoms }: CompiledColumns): number {
  let count = 0;
  for (let i = 2; i < atoms.length; i += ATOM_INTS) count = Math.max(count, atoms[i]! + 1);
  return Math.max(count, triggers.length === 0 ? 0 : 1);
}
