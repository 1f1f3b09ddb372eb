import { decodeUtf8, writeUtf8 } from '../../../stores/bytes/utf8.ts';
import { BytesRef, type Store } from '../../../stores/store.ts';
import { casePattern, inCaseOf } from '../../../stores/text/case-pattern.ts';

const KEY_BYTES = 256;

/** How replacements are written: in the case of what was typed, and brands as the owner's documents write them. */
export class OwnForms {
  readonly #store: Store | undefined;
  readonly #key = new Uint8Array(KEY_BYTES);
  readonly #value = new BytesRef();

  constructor(store: Store | undefined) {
    this.#store = store;
  }

  /**
   * Terms joined by single spaces, written for what was typed: lower and upper case as typed; where some letters were capitals, the
   * owner's form of a term if there is one (`Iphnoe` -> `iPhone`), else the typed capitals. A look-up a term in that case alone.
   */
  write(typed: string, terms: string): string {
    const written = inCaseOf(typed, terms);
    if (this.#store === undefined || written === terms) return written;
    const pattern = casePattern(typed);
    if (pattern !== 'title' && pattern !== 'mixed') return written;
    const cased = written.split(' ');
    const own = terms.split(' ').map((term, i) => this.#find(term) ?? cased[i] ?? term);
    return own.join(' ');
  }

  #find(term: string): string | undefined {
    if (term.length > KEY_BYTES / 4) return undefined;
    const end = writeUtf8(term, this.#key, 0);
    if (end <= 0 || this.#store?.findBytes(this.#key, 0, end, this.#value) !== true) return undefined;
    return decodeUtf8(this.#value.bytes, this.#value.start, this.#value.end);
  }
}
