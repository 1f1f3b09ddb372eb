import { startService } from '../../support/http-service.ts';

describe('expressClasses', () => {
  it('makes requests and responses whose prototypes Express has no reason to change', async () => {
    const service = await startService();
    const original = Object.setPrototypeOf;
    const calls: boolean[] = [];
    Object.setPrototypeOf = (target: object, prototype: object | null) => {
      calls.push(Object.getPrototypeOf(target) === prototype);
      return original(target, prototype);
    };
    try {
      await (await fetch(`${service.url}/rewrite?q=a`)).text();
      const body = { method: 'POST', body: '{"q":"a"}', headers: { 'Content-Type': 'application/json' } };
      await (await fetch(`${service.url}/rewrite`, body)).text();
    } finally {
      Object.setPrototypeOf = original;
      await service.close();
    }
    // One for the request and one for the response, each finding what it would set.
    expect(calls).toEqual([true, true, true, true]);
  });
});
