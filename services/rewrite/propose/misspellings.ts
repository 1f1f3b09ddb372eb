import { writeUtf8 } from '../../../stores/bytes/utf8.ts';
import type { Lexicon } from '../../../stores/lexicon/lexicon.ts';
import { decodeCorrections } from '../../../stores/misspellings/format.ts';
import { BytesRef, type Store } from '../../../stores/store.ts';

/** What is said of a word that no list has. */
export const NOT_LISTED: readonly (readonly number[])[] = Object.freeze([]);

const KEY_BYTES = 256;

/** What lists of known misspellings say is meant by a word. */
export class KnownMisspellings {
  readonly #store: Store | undefined;
  readonly #lexicon: Lexicon;
  readonly #key: Uint8Array;
  readonly #value: BytesRef;

  constructor(store: Store | undefined, lexicon: Lexicon) {
    this.#store = store;
    this.#lexicon = lexicon;
    this.#key = new Uint8Array(KEY_BYTES);
    this.#value = new BytesRef();
  }

  /** The corrections of a misspelling as rows of term ids, the likeliest first. One look-up; allocates on a hit alone. */
  find(text: string): readonly (readonly number[])[] {
    if (this.#store === undefined || text.length > KEY_BYTES / 4) return NOT_LISTED;
    const end = writeUtf8(text, this.#key, 0);
    if (end <= 0 || !this.#store.findBytes(this.#key, 0, end, this.#value)) return NOT_LISTED;
    const { bytes, start, end: valueEnd } = this.#value;
    return decodeCorrections(bytes, start, valueEnd, this.#lexicon.termCount);
  }
}

/** Whether a row of ids is among the corrections. */
export function isListed(listed: readonly (readonly number[])[], ids: readonly number[]): boolean {
  return listed.some((row) => row.length === ids.length && row.every((id, i) => id === ids[i]));
}
