/** What keeps what it found for later queries, and can forget what it found last. */
export interface Memory {
  /** Starts to note what is found, until it is kept or dropped. */
  begin(): void;
  /** What was noted stays: every look-up behind it was answered in full. */
  keep(): void;
  /** What was noted is forgotten: look-ups behind it were answered `MISS` for want of a read. */
  forget(): void;
}

/**
 * The places of a memory that were filled since `begin`, so that they can be forgotten again.
 *
 * Hot path: `note` is a test of a flag unless stores wait for reads.
 */
export class Recent<P> implements Memory {
  readonly #forgetPlace: (place: P) => void;
  readonly #places: P[];
  #isNoting: boolean;

  /** @param forgetPlace empties one place */
  constructor(forgetPlace: (place: P) => void) {
    this.#forgetPlace = forgetPlace;
    this.#places = [];
    this.#isNoting = false;
  }

  begin(): void {
    this.#isNoting = true;
  }

  note(place: P): void {
    if (this.#isNoting) this.#places.push(place);
  }

  keep(): void {
    this.#places.length = 0;
    this.#isNoting = false;
  }

  forget(): void {
    for (const place of this.#places) this.#forgetPlace(place);
    this.keep();
  }
}
