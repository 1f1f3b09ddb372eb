import { readFileSync } from 'node:fs';
import { decodeUtf8 } from '../bytes/utf8.ts';
import { unreadable } from '../errors.ts';
import {
  BACKOFF_STEP,
  decodeLexicon,
  FIRST_TERM_ID,
  LEXICON_HEADER_BYTES,
  type LexiconArrays,
  NOT_EDITED,
  UNIGRAM_STEP,
} from './format.ts';

/** Texts kept as strings, for the terms asked for last; a power of two. With common words some 300 KB. */
const KEPT_TEXTS = 1 << 13;

/** A term that a lexicon is given beside those of its file. */
export interface AddedTerm {
  readonly text: string;
  /** `TermFlag` bits. */
  readonly flags: number;
  /** -ln P(term), in nats. */
  readonly unigramCost: number;
}

/**
 * What is known of every term, by its id: text, costs in the language model, standing. Held off the JavaScript heap,
 * about 12 bytes a term beside its text.
 *
 * Hot path: the decoder asks for costs and texts of thousands of ids a query; all are array reads.
 */
export class Lexicon {
  readonly path: string;
  readonly termCount: number;
  /** Bytes held in memory. */
  readonly bytes: number;
  readonly #arrays: LexiconArrays;
  /** The bytes of all texts. */
  readonly #buffer: Buffer;
  readonly #keptIds: Int32Array;
  readonly #keptTexts: string[];
  /** By cost in steps: the last id that costs no more, -1 until it is asked for. */
  readonly #lastAtLevel: Int32Array;
  /** Terms that are in order of frequency; those after them were added (`withTerms`). */
  readonly #inOrder: number;
  /** Of the added ones the least cost in steps. */
  readonly #leastAdded: number;

  /** Over the bytes of a lexicon file, or over arrays whose first `inOrder` terms are one's; `path` is for messages. */
  constructor(source: Uint8Array | LexiconArrays, path: string, textVersion: number, inOrder?: number) {
    this.path = path;
    this.#arrays = source instanceof Uint8Array ? decodeLexicon(source, path, textVersion) : source;
    this.#inOrder = inOrder ?? this.#arrays.termCount;
    this.#leastAdded = this.#arrays.unigramCosts.subarray(this.#inOrder).reduce((a, b) => Math.min(a, b), COST_LEVELS);
    this.bytes = bytesOf(this.#arrays);
    this.termCount = this.#arrays.termCount;
    const { text } = this.#arrays;
    this.#buffer = Buffer.from(text.buffer, text.byteOffset, text.length);
    this.#keptIds = new Int32Array(KEPT_TEXTS).fill(-1);
    this.#keptTexts = Array.from({ length: KEPT_TEXTS }, () => '');
    this.#lastAtLevel = new Int32Array(COST_LEVELS).fill(-1);
  }

  /**
   * A lexicon with other terms: flags of terms that there are are replaced, others come after them, and ids stay what they
   * are. Copies everything, a few milliseconds for some hundred thousand terms.
   *
   * @param added what is known of new terms; their ids follow each other from `termCount` on
   * @param standings flags by id
   */
  withTerms(added: readonly AddedTerm[], standings: ReadonlyMap<number, number>): Lexicon {
    const { termCount, textOffsets, unigramCosts, backoffCosts, editedCosts, flags, text } = this.#arrays;
    const texts = added.map((term) => Buffer.from(term.text));
    const more = <T extends Uint8Array | Uint32Array>(array: T, values: readonly number[]): T => {
      const length = array.length + values.length;
      const longer = (array instanceof Uint32Array ? new Uint32Array(length) : new Uint8Array(length)) as T;
      longer.set(array);
      longer.set(values, array.length);
      return longer;
    };
    let end = text.length;
    const newFlags = more(
      flags,
      added.map((term) => term.flags),
    );
    for (const [id, standing] of standings) newFlags[id] = standing;
    const arrays: LexiconArrays = {
      termCount: termCount + added.length,
      textOffsets: more(
        textOffsets,
        texts.map(({ length }) => {
          end += length;
          return end;
        }),
      ),
      unigramCosts: more(
        unigramCosts,
        added.map(({ unigramCost }) => Math.min(COST_LEVELS - 1, Math.max(0, Math.round(unigramCost / UNIGRAM_STEP)))),
      ),
      // Nothing is known of what follows them: all of it is left to the unigram model.
      backoffCosts: more(
        backoffCosts,
        added.map(() => 0),
      ),
      flags: newFlags,
      editedCosts:
        editedCosts.length === 0
          ? editedCosts
          : more(
              editedCosts,
              added.map(() => NOT_EDITED),
            ),
      text: Buffer.concat([text, ...texts]),
    };
    return new Lexicon(arrays, this.path, 0, this.#inOrder);
  }

  /** -ln P(term) of the unigram model, in nats. */
  unigramCost(id: number): number {
    return this.#arrays.unigramCosts[id]! * UNIGRAM_STEP;
  }

  /**
   * The last id whose unigram cost is at most `cost`, in nats: ids are in order of frequency, so no rarer term comes before it,
   * unless terms were added. 20 reads when a cost is asked for first, one from then on.
   */
  lastWithin(cost: number): number {
    if (cost < 0) return 0;
    const level = Math.min(COST_LEVELS - 1, Math.floor(cost / UNIGRAM_STEP + COST_SLACK));
    if (this.#leastAdded <= level) return this.termCount - 1;
    let last = this.#lastAtLevel[level]!;
    if (last < 0) {
      last = lastAtMost(this.#arrays.unigramCosts, this.#inOrder, level);
      this.#lastAtLevel[level] = last;
    }
    return last;
  }

  /** -ln of the share of P(. | term) that is left to the unigram model, in nats. */
  backoffCost(id: number): number {
    return this.#arrays.backoffCosts[id]! * BACKOFF_STEP;
  }

  /**
   * How much rarer a term is in edited text than in all text, in nats; 0 where nothing is known of edited text, and infinite for a term that
   * edited text does not have.
   */
  editedGap(id: number): number {
    const { editedCosts, unigramCosts } = this.#arrays;
    if (editedCosts.length === 0) return 0;
    const cost = editedCosts[id]!;
    return cost === NOT_EDITED ? Number.POSITIVE_INFINITY : (cost - unigramCosts[id]!) * UNIGRAM_STEP;
  }

  /** The `TermFlag` bits of a term. */
  flags(id: number): number {
    return this.#arrays.flags[id]!;
  }

  /** The texts of all terms, UTF-8; a term's begins at `textStart(id)` and takes `textBytes(id)`. */
  get textBuffer(): Uint8Array {
    return this.#arrays.text;
  }

  /** Where a term's text begins in `textBuffer`. */
  textStart(id: number): number {
    return this.#arrays.textOffsets[id]!;
  }

  /** The length of a term's text in UTF-8 bytes: an upper bound on its length in code units. */
  textBytes(id: number): number {
    return this.#arrays.textOffsets[id + 1]! - this.#arrays.textOffsets[id]!;
  }

  /** The term's text. Allocates the string, unless it is one of those asked for last. */
  text(id: number): string {
    const slot = id & (KEPT_TEXTS - 1);
    if (this.#keptIds[slot] === id) return this.#keptTexts[slot]!;
    const { textOffsets } = this.#arrays;
    const decoded = this.#decode(textOffsets[id]!, textOffsets[id + 1]!);
    this.#keptIds[slot] = id;
    this.#keptTexts[slot] = decoded;
    return decoded;
  }

  /** Over the few letters of a word a decoder of UTF-8 takes twice as long as one that copies bytes. */
  #decode(start: number, end: number): string {
    const buffer = this.#buffer;
    for (let i = start; i < end; i++) if (buffer[i]! >= 0x80) return decodeUtf8(buffer, start, end);
    return buffer.toString('latin1', start, end);
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

/** Costs are bytes. */
const COST_LEVELS = 256;
/** A cost that was a whole number of steps may have lost its last bit. */
const COST_SLACK = 1e-6;

function bytesOf({ textOffsets, unigramCosts, text }: LexiconArrays): number {
  return LEXICON_HEADER_BYTES + textOffsets.byteLength + 3 * unigramCosts.length + text.length;
}

/** The last id below `end` of a term that costs at most `level`, the reserved ids aside; 0 where there is none. */
function lastAtMost(costs: Uint8Array, end: number, level: number): number {
  let low = FIRST_TERM_ID;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (costs[middle]! <= level) low = middle + 1;
    else high = middle;
  }
  return low === FIRST_TERM_ID ? 0 : low - 1;
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
 * @throws {StoreError} `STORE_NOT_FOUND`, `STORE_IO`, or as `decodeLexicon`
 */
export function openLexicon(path: string, textVersion: number, read?: Uint8Array): Lexicon {
  let bytes: Uint8Array;
  try {
    bytes = read ?? readFileSync(path);
  } catch (cause) {
    throw unreadable(path, 'reading the lexicon', cause);
  }
  return new Lexicon(bytes, path, textVersion);
}
