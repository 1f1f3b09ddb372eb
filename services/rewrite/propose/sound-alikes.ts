import { decodePostings } from '../../../stores/deletes/postings.ts';
import { MAX_KEY_LENGTH, MIN_KEY_LENGTH, type PhoneticKeys } from '../../../stores/phonetic/keys.ts';
import { BytesRef, type Store } from '../../../stores/store.ts';

/** Terms taken from one key: the word that was meant is among the first few nearly always. */
const FOUND_CAP = 32;

/**
 * Finds the terms that sound like a typed word, however many letters they differ in. One instance serves one thread: it
 * owns its scratch memory.
 */
export class SoundAlikes {
  readonly #store: Store | undefined;
  readonly #keys: PhoneticKeys | undefined;
  readonly #key: Uint8Array;
  readonly #otherKey: Uint8Array;
  readonly #units: Uint16Array;
  readonly #value: BytesRef;
  /** What the last `find` found: ids in `[0, count)`, the commonest first. */
  readonly ids: Uint32Array;
  count: number;
  /** Look-ups since it was made. */
  probes: number;

  /** @param keys undefined for a language without phonetic rules: then nothing sounds alike */
  constructor(store: Store | undefined, keys: PhoneticKeys | undefined) {
    this.#store = store;
    this.#keys = keys;
    this.#key = new Uint8Array(MAX_KEY_LENGTH);
    this.#otherKey = new Uint8Array(MAX_KEY_LENGTH);
    this.#units = new Uint16Array(MAX_UNITS);
    this.#value = new BytesRef();
    this.ids = new Uint32Array(FOUND_CAP);
    this.count = 0;
    this.probes = 0;
  }

  /** Finds the terms that sound like `units[0, length)`, the word itself among them where it is one. One look-up. */
  find(units: Uint16Array, length: number): void {
    this.count = 0;
    if (this.#keys === undefined || this.#store === undefined) return;
    const keyLength = this.#keys.write(units, length, this.#key);
    if (keyLength < MIN_KEY_LENGTH) return;
    this.probes++;
    if (!this.#store.findBytes(this.#key, 0, keyLength, this.#value)) return;
    const { bytes, start, end } = this.#value;
    this.count = decodePostings(bytes, start, end, this.ids);
  }

  /** Whether two words sound alike. */
  areAlike(a: string, b: string): boolean {
    const aLength = this.#keyOf(a, this.#key);
    if (aLength < MIN_KEY_LENGTH || this.#keyOf(b, this.#otherKey) !== aLength) return false;
    for (let i = 0; i < aLength; i++) if (this.#key[i] !== this.#otherKey[i]) return false;
    return true;
  }

  #keyOf(text: string, out: Uint8Array): number {
    if (this.#keys === undefined) return 0;
    const length = Math.min(text.length, MAX_UNITS);
    for (let i = 0; i < length; i++) this.#units[i] = text.charCodeAt(i);
    return this.#keys.write(this.#units, length, out);
  }
}

const MAX_UNITS = 64;
