import { decodePostings } from '../../../stores/deletes/postings.ts';
import { MAX_KEY_LENGTH, MIN_KEY_LENGTH } from '../../../stores/phonetic/english.ts';
import { BytesRef, type Store } from '../../../stores/store.ts';
import type { LanguageProfile } from '../language/profile.ts';

/** Terms taken from one key: the word that was meant is among the first few nearly always. */
const FOUND_CAP = 32;

/**
 * Finds the terms that sound like a typed word, however many letters they differ in. One instance serves one thread: it
 * owns its scratch memory.
 */
export class SoundAlikes {
  readonly #store: Store | undefined;
  readonly #profile: LanguageProfile;
  readonly #key: Uint8Array;
  readonly #otherKey: Uint8Array;
  readonly #units: Uint16Array;
  readonly #value: BytesRef;
  /** What the last `find` found: ids in `[0, count)`, the commonest first. */
  readonly ids: Uint32Array;
  count: number;
  /** Look-ups since it was made. */
  probes: number;

  constructor(store: Store | undefined, profile: LanguageProfile) {
    this.#store = store;
    this.#profile = profile;
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
    const keyLength = this.#profile.phoneticKey(units, length, this.#key);
    if (keyLength < MIN_KEY_LENGTH || this.#store === undefined) return;
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
    const length = Math.min(text.length, MAX_UNITS);
    for (let i = 0; i < length; i++) this.#units[i] = text.charCodeAt(i);
    return this.#profile.phoneticKey(this.#units, length, out);
  }
}

const MAX_UNITS = 64;
