/** Builds the automaton over terms (FORMAT.md): a trie of symbols, and what else its states lead to. */

import { encodePairTable } from './pair-table.ts';
import { numbersOf } from './plurals.ts';
import type { Element } from './sequence.ts';
import { encodeTermTable, type TermTable } from './term-table.ts';

/** The state in which every sequence begins. */
export const ROOT = 0;

/** What accepting a state says: one sequence of one trigger has been read. */
export interface Atom {
  readonly trigger: number;
  /** Bits of `ANCHOR_START` and `ANCHOR_END`. */
  readonly anchor: number;
  /** In a boolean trigger which of its sequences it is; -1 in a sequence trigger. */
  readonly operand: number;
}

export const ANCHOR_START = 1;
export const ANCHOR_END = 2;

/** The automaton as columns; FORMAT.md says what each holds. */
export interface AutomatonColumns {
  readonly terms: TermTable;
  readonly symbolStarts: Int32Array;
  readonly symbols: Int32Array;
  readonly edges: Int32Array;
  readonly acceptStarts: Int32Array;
  readonly accepts: Int32Array;
  readonly placeholderStarts: Int32Array;
  readonly placeholderEdges: Int32Array;
  readonly valueRoots: Int32Array;
  readonly valueEnds: Uint8Array;
  readonly prefixEdges: Int32Array;
  readonly prefixSymbols: Int32Array;
  readonly suffixEdges: Int32Array;
  readonly suffixSymbols: Int32Array;
  readonly atoms: Int32Array;
}

/** Integers of an atom's record. */
export const ATOM_INTS = 3;

/** How the terms of a sequence are read. */
export interface SequenceReading {
  readonly plurals: boolean;
  readonly wildcardMayBeEmpty: boolean;
}

/** Exact for what states and symbols there can be: 2^53 pairs. */
const PAIR = 2 ** 26;

/** A trie of letters whose nodes may have a symbol, and another for where the wildcard may stand for nothing. */
class AffixTrie {
  readonly edges = new Map<number, number>();
  readonly symbols: number[] = [-1, -1];

  node(letters: Iterable<number>): number {
    let node = 0;
    for (const letter of letters) {
      const key = node * PAIR + letter;
      let next = this.edges.get(key);
      if (next === undefined) {
        next = this.symbols.length / 2;
        this.symbols.push(-1, -1);
        this.edges.set(key, next);
      }
      node = next;
    }
    return node;
  }
}

export class AutomatonBuilder {
  readonly #terms = new Map<string, number>();
  /** Symbols of each term. */
  readonly #symbolsOf: number[][] = [];
  /** Symbols by what they stand for. */
  readonly #literals = new Map<string, number>();
  readonly #numbers = new Map<string, number>();
  #symbolCount = 0;
  readonly #edges = new Map<number, number>();
  readonly #accepts: number[][] = [[]];
  readonly #placeholders: number[][] = [[]];
  readonly #valueRoots: number[] = [];
  readonly #valueEnds: number[] = [0];
  readonly #prefixes = new AffixTrie();
  readonly #suffixes = new AffixTrie();
  readonly #atoms: Atom[] = [];
  readonly #names: ReadonlyMap<string, number>;

  /** @param values the values of each placeholder as rows of terms, in the order of their numbers */
  constructor(values: ReadonlyMap<string, readonly (readonly string[])[]>) {
    this.#names = new Map([...values.keys()].map((name, i) => [name, i]));
    for (const rows of values.values()) {
      const root = this.#newState();
      this.#valueRoots.push(root);
      for (const row of rows) {
        let state = root;
        for (const term of row) state = this.#step(state, this.#literal(term));
        if (state !== root) this.#valueEnds[state] = 1;
      }
    }
  }

  /** Adds a sequence. */
  add(elements: readonly Element[], reading: SequenceReading, atom: Atom): void {
    let state = ROOT;
    for (const element of elements) {
      if (element.kind === 'placeholder') state = this.#placeholderStep(state, this.#names.get(element.name)!);
      else state = this.#step(state, this.#symbolOf(element, reading));
    }
    this.#accepts[state]!.push(this.#atoms.length);
    this.#atoms.push(atom);
  }

  finish(): AutomatonColumns {
    const symbols = flat(this.#symbolsOf);
    const accepts = flat(this.#accepts);
    const placeholders = flat(this.#placeholders);
    return {
      terms: encodeTermTable([...this.#terms.keys()]),
      symbolStarts: symbols.starts,
      symbols: symbols.items,
      edges: pairsOf(this.#edges),
      acceptStarts: accepts.starts,
      accepts: accepts.items,
      placeholderStarts: placeholders.starts,
      placeholderEdges: placeholders.items,
      valueRoots: Int32Array.from(this.#valueRoots),
      valueEnds: Uint8Array.from(this.#valueEnds),
      prefixEdges: pairsOf(this.#prefixes.edges),
      prefixSymbols: Int32Array.from(this.#prefixes.symbols),
      suffixEdges: pairsOf(this.#suffixes.edges),
      suffixSymbols: Int32Array.from(this.#suffixes.symbols),
      atoms: Int32Array.from(this.#atoms.flatMap(({ trigger, anchor, operand }) => [trigger, anchor, operand])),
    };
  }

  #newState(): number {
    this.#accepts.push([]);
    this.#placeholders.push([]);
    this.#valueEnds.push(0);
    return this.#accepts.length - 1;
  }

  #step(state: number, symbol: number): number {
    const key = state * PAIR + symbol;
    let next = this.#edges.get(key);
    if (next === undefined) {
      next = this.#newState();
      this.#edges.set(key, next);
    }
    return next;
  }

  #placeholderStep(state: number, placeholder: number): number {
    const edges = this.#placeholders[state]!;
    for (let i = 0; i < edges.length; i += 2) if (edges[i] === placeholder) return edges[i + 1]!;
    const next = this.#newState();
    edges.push(placeholder, next);
    return next;
  }

  #symbolOf(element: Exclude<Element, { kind: 'placeholder' }>, reading: SequenceReading): number {
    const { kind, text } = element;
    if (kind === 'term') return reading.plurals ? this.#anyNumber(text) : this.#literal(text);
    const trie = kind === 'prefix' ? this.#prefixes : this.#suffixes;
    const letters = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
    const at = 2 * trie.node(kind === 'prefix' ? letters : letters.reverse()) + (reading.wildcardMayBeEmpty ? 1 : 0);
    if (trie.symbols[at] === -1) trie.symbols[at] = this.#symbolCount++;
    return trie.symbols[at]!;
  }

  #literal(term: string): number {
    return this.#symbol(this.#literals, term, [term]);
  }

  #anyNumber(term: string): number {
    return this.#symbol(this.#numbers, term, numbersOf(term));
  }

  /** The symbol of `term` among `known`, made for all of `forms` where it is new. */
  #symbol(known: Map<string, number>, term: string, forms: readonly string[]): number {
    let symbol = known.get(term);
    if (symbol !== undefined) return symbol;
    symbol = this.#symbolCount++;
    known.set(term, symbol);
    for (const form of forms) {
      let number = this.#terms.get(form);
      if (number === undefined) {
        number = this.#terms.size;
        this.#terms.set(form, number);
        this.#symbolsOf.push([]);
      }
      this.#symbolsOf[number]!.push(symbol);
    }
    return symbol;
  }
}

function pairsOf(edges: ReadonlyMap<number, number>): Int32Array {
  const entries: number[] = [];
  for (const [key, next] of edges) entries.push(Math.floor(key / PAIR), key % PAIR, next);
  return encodePairTable(entries);
}

function flat(rows: readonly (readonly number[])[]): { starts: Int32Array; items: Int32Array } {
  const starts = new Int32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) starts[i + 1] = starts[i]! + rows[i]!.length;
  const items = new Int32Array(starts[rows.length]!);
  for (let i = 0; i < rows.length; i++) items.set(rows[i]!, starts[i]!);
  return { starts, items };
}
