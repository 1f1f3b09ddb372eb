import { readFileSync } from 'node:fs';
import { decodeUtf8 } from '../bytes/utf8.ts';
import { StoreError } from '../errors.ts';
import { BACKOFF_STEP, decodeLexicon, type LexiconArrays, UNIGRAM_STEP } from './format.ts';

/** Texts kept as strings, for the terms asked for last; a power of two. With common words some 300 KB. */
const KEPT_TEXTS = 1 << 13;

/**
 * What is known of every term, by its id: text, costs in the language model, standing. Held off the JavaScript heap,
 * about 11 bytes a term beside its text.
 *
 * Hot path: the decoder asks for costs and texts of thousands of ids a query; all are array reads.
 */
export class Lexicon {
  readonly path: string;
  readonly termCount: number;
  /** Bytes held in memory. */
  readonly bytes: number;
  readonly #arrays: LexiconArrays;
  readonly #keptIds: Int32Array;
  readonly #keptTexts: string[];

  /** Over the bytes of a lexicon file; `path` is for messages. */
  constructor(bytes: Uint8Array, path: string, textVersion: number) {
    this.path = path;
    this.bytes = bytes.length;
    this.#arrays = decodeLexicon(bytes, path, textVersion);
    this.termCount = this.#arrays.termCount;
    this.#keptIds = new Int32Array(KEPT_TEXTS).fill(-1);
    this.#keptTexts = Array.from({ length: KEPT_TEXTS }, () => '');
  }

  /** -ln P(term) of the unigram model, in nats. */
  unigramCost(id: number): number {
    return this.#arrays.unigramCosts[id]! * UNIGRAM_STEP;
  }

  /** -ln of the share of P(. | term) that is left to the unigram model, in nats. */
  backoffCost(id: number): number {
    return this.#arrays.backoffCosts[id]! * BACKOFF_STEP;
  }

  /** The `TermFlag` bits of a term. */
  flags(id: number): number {
    return this.#arrays.flags[id]!;
  }

  /** The length of a term's text in UTF-8 bytes: an upper bound on its length in code units. */
  textBytes(id: number): number {
    return this.#arrays.textOffsets[id + 1]! - this.#arrays.textOffsets[id]!;
  }

  /** The term's text. Allocates the string, unless it is one of those asked for last. */
  text(id: number): string {
    const slot = id & (KEPT_TEXTS - 1);
    if (this.#keptIds[slot] === id) return this.#keptTexts[slot]!;
    const { text, textOffsets } = this.#arrays;
    const decoded = decodeUtf8(text, textOffsets[id]!, textOffsets[id + 1]!);
    this.#keptIds[slot] = id;
    this.#keptTexts[slot] = decoded;
    return decoded;
  }

  /**
   * Writes the term's text as UTF-16 code units into `out` and returns how many: those beyond `out.length` are left
   * out. Allocates nothing for ASCII terms.
   */
  codeUnits(id: number, out: Uint16Array): number {
    const { text, textOffsets } = this.#arrays;
    const start = textOffsets[id]!;
    const length = Math.min(textOffsets[id + 1]! - start, out.length);
    for (let i = 0; i < length; i++) {
      const byte = text[start + i]!;
      if (byte >= 0x80) return decodeInto(this.text(id), out);
      out[i] = byte;
    }
    return length;
  }
}

function decodeInto(text: string, out: Uint16Array): number {
  const length = Math.min(text.length, out.length);
  for (let i = 0; i < length; i++) out[i] = text.charCodeAt(i);
  return length;
}

/**
 * Opens a lexicon file.
 *
 * @param read its bytes, where they were read already
 * @throws {StoreError} `STORE_NOT_FOUND`, or as `decodeLexicon`
 */
export function openLexicon(path: string, textVersion: number, read?: Uint8Array): Lexicon {
  let bytes: Uint8Array;
  try {
    bytes = read ?? readFileSync(path);
  } catch (cause) {
    throw new StoreError('STORE_NOT_FOUND', `${path}: the lexicon cannot be read; build the dataset again`, { cause });
  }
  return new Lexicon(bytes, path, textVersion);
}
