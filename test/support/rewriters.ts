import type { RewriteAnswer } from '../../services/rewrite/answer.ts';
import type { RewriteOptions } from '../../services/rewrite/options.ts';
import { IdentityRewriter } from './identity-rewriter.ts';

/** A rewriter whose answers wait until they are let go. */
export class HeldRewriter extends IdentityRewriter {
  release: () => void = () => {};
  readonly #held = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  override rewrite(query: string, options: RewriteOptions): Promise<RewriteAnswer> {
    const answer = super.rewrite(query, options);
    return this.#held.then(() => answer);
  }
}

/** A rewriter that keeps the thread busy with each query. */
export class BusyRewriter extends IdentityRewriter {
  readonly #ms: number;

  constructor(ms: number) {
    super();
    this.#ms = ms;
  }

  override rewrite(query: string, options: RewriteOptions): RewriteAnswer | Promise<RewriteAnswer> {
    const untilMs = performance.now() + this.#ms;
    while (performance.now() < untilMs);
    return super.rewrite(query, options);
  }
}

/** A rewriter whose answers are about so many bytes. */
export class WordyRewriter extends IdentityRewriter {
  readonly #text: string;

  constructor(bytes: number) {
    super();
    this.#text = 'x'.repeat(bytes);
  }

  override rewrite(query: string, options: RewriteOptions): RewriteAnswer {
    return { ...(super.rewrite(query, options) as RewriteAnswer), normalized: this.#text };
  }
}
