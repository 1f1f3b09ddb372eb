import type { RewriteAnswer } from '../../../services/rewrite/answer.ts';
import type { RewriteOptions } from '../../../services/rewrite/options.ts';
import { StoreError } from '../../../stores/errors.ts';
import { startService } from '../../support/http-service.ts';
import { IdentityRewriter } from '../../support/identity-rewriter.ts';

/** A rewriter that fails on one of the queries it is asked, at once or later, before or after the others have answered. */
class FailingRewriter extends IdentityRewriter {
  failsAt = 0;
  how: 'throws' | 'rejects at once' | 'rejects last' = 'throws';

  override rewrite(query: string, options: RewriteOptions): RewriteAnswer | Promise<RewriteAnswer> {
    const answer = super.rewrite(query, options);
    const isBad = this.asked.length - 1 === this.failsAt;
    const error = new StoreError('STORE_CORRUPT', 'deletes1.blocks: at byte 7: expected 1, found 2');
    if (this.how === 'throws') {
      if (isBad) throw error;
      return answer;
    }
    if (isBad && this.how === 'rejects at once') return Promise.reject(error);
    return new Promise((resolve, reject) => {
      setTimeout(() => (isBad ? reject(error) : resolve(answer as RewriteAnswer)), isBad ? 20 : 1);
    });
  }
}

// A promise that nobody owns would end the process: under the test runner it fails the test.
describe('an error at any place of a request', () => {
  const unowned: unknown[] = [];
  const note = (error: unknown) => unowned.push(error);
  beforeAll(() => process.on('unhandledRejection', note));
  afterAll(() => {
    process.off('unhandledRejection', note);
    expect(unowned).toEqual([]);
  });

  it.each(['throws', 'rejects at once', 'rejects last'] as const)(
    'is the problem of its query alone where it %s',
    async (how) => {
      const rewriter = new FailingRewriter();
      const service = await startService({}, rewriter);
      rewriter.how = how;
      const queries = Array.from({ length: 40 }, (_, i) => `q${i}`);
      for (const failsAt of [0, 1, 15, 16, 17, 38, 39]) {
        rewriter.failsAt = rewriter.asked.length + failsAt;
        const response = await fetch(`${service.url}/rewrite`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ queries }),
        });
        expect(response.status).toBe(200);
        const { results } = (await response.json()) as { results: object[] };
        for (const [i, result] of results.entries()) {
          expect(result).toMatchObject(
            i === failsAt ? { code: 'internal-error', parameter: `queries/${i}` } : { query: `q${i}` },
          );
        }
        expect(results).toHaveLength(queries.length);
      }
      rewriter.failsAt = rewriter.asked.length;
      const single = await fetch(`${service.url}/rewrite?q=a`);
      expect([single.status, ((await single.json()) as { code: string }).code]).toEqual([500, 'internal-error']);
      // What failed is tried again, and now answers.
      expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
      expect(service.log.filter(({ level }) => level === 'error').length).toBeGreaterThan(7);
      await service.close();
    },
  );
});
