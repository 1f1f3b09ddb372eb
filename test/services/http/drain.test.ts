import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { drain } from '../../../services/http/drain.ts';
import type { RewriteAnswer } from '../../../services/rewrite/answer.ts';
import { startService } from '../../support/http-service.ts';
import { IdentityRewriter } from '../../support/identity-rewriter.ts';

/** A rewriter whose answers wait until they are let go. */
class HeldRewriter extends IdentityRewriter {
  release: () => void = () => {};
  readonly #held = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  override async rewrite(query: string, options: Parameters<IdentityRewriter['rewrite']>[1]): Promise<RewriteAnswer> {
    await this.#held;
    return super.rewrite(query, options);
  }
}

const underWay = async (rewriter: HeldRewriter, url: string) => {
  const asked = request(`${url}/rewrite?q=a`);
  const answered = new Promise<number>((resolve, reject) => {
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
  });
  asked.end();
  await once(asked, 'finish');
  void rewriter;
  return answered;
};

describe('drain', () => {
  it('closes idle connections, answers what is under way and then is done', async () => {
    const rewriter = new HeldRewriter();
    const service = await startService({}, rewriter);
    const idle = connect(service.port, '127.0.0.1');
    idle.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(idle, 'data');
    const arrived = once(service.server, 'request');
    const answer = underWay(rewriter, service.url);
    await arrived;

    const drained = drain(service.server, 10_000);
    await once(idle, 'close');
    await expect(fetch(`${service.url}/livez`)).rejects.toThrow();
    rewriter.release();
    expect(await answer).toBe(200);
    expect(await drained).toBe(true);
  });

  it('cuts what is not answered in time and says so', async () => {
    const rewriter = new HeldRewriter();
    const service = await startService({}, rewriter);
    const arrived = once(service.server, 'request');
    const answer = underWay(rewriter, service.url);
    answer.catch(() => undefined);
    await arrived;
    expect(await drain(service.server, 50)).toBe(false);
    await expect(answer).rejects.toThrow();
    rewriter.release();
  });
});
