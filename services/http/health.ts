import type { RewriteOptions } from '../rewrite/options.ts';
import type { Rewriter } from '../rewrite/rewriter.ts';

/** A query that could not be answered because of a store. */
interface Failure {
  readonly error: Error;
  readonly query: string;
  readonly options: RewriteOptions;
}

/** Whether the service can do its work: its stores may have been damaged since they were opened. */
export class Health {
  readonly #rewriter: Rewriter;
  readonly #damage: () => Error | undefined;
  #failure: Failure | undefined;

  /** @param damage what is wrong with the files that are served, told without reading them */
  constructor(rewriter: Rewriter, damage: () => Error | undefined = () => undefined) {
    this.#rewriter = rewriter;
    this.#damage = damage;
  }

  /** Remembers a query that a store failed on; all other errors say nothing of the next query. */
  note(error: unknown, query: string, options: RewriteOptions): void {
    if (isOfStore(error)) this.#failure = { error, query, options };
  }

  /**
   * Why the service should get no traffic, or undefined. A query that failed is tried again, so a file that was put back counts.
   */
  async trouble(): Promise<Error | undefined> {
    const failure = this.#failure;
    if (failure !== undefined) {
      try {
        await this.#rewriter.rewrite(failure.query, failure.options);
        if (this.#failure === failure) this.#failure = undefined;
      } catch (error) {
        if (isOfStore(error)) return error;
      }
    }
    return this.#damage();
  }
}

function isOfStore(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('STORE_');
}
