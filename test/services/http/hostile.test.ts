import { connect } from 'node:net';
import { sendRaw, startService, type TestService } from '../../support/http-service.ts';

/** The status codes of the responses in what came back. */
const statuses = (raw: string) => [...raw.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));

describe('broken and hostile clients', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ headersTimeoutMs: 300, requestTimeoutMs: 600, keepAliveTimeoutMs: 5_000 });
  });
  afterAll(async () => {
    const { status } = await fetch(`${service.url}/rewrite?q=alive`);
    await service.close();
    expect(status).toBe(200);
    expect(service.log).toEqual([]);
  });

  it('answers pipelined requests in order', async () => {
    const one = (q: string) => `GET /rewrite?q=${q} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const raw = await sendRaw(service.port, one('first') + one('second') + one('third'), 300);
    expect(statuses(raw)).toEqual([200, 200, 200]);
    expect(raw.indexOf('first')).toBeLessThan(raw.indexOf('second'));
    expect(raw.indexOf('second')).toBeLessThan(raw.indexOf('third'));
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['a TLS hello', Buffer.from('16030100a5010000a1030398', 'hex')],
    ['NUL bytes in the target', 'GET /rewrite?q=a\0b HTTP/1.1\r\nHost: x\r\n\r\n'],
    [
      'both lengths of a body',
      'POST /rewrite HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a body length that is no number', 'POST /rewrite HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
    ['two hosts and none', 'GET /rewrite?q=a HTTP/1.1\r\n\r\n'],
    [
      'a chunk length that is none',
      'POST /rewrite HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
  ])('answers 400 to %s', async (_name, bytes) => {
    expect(statuses(await sendRaw(service.port, bytes))).toEqual([400]);
  });

  it('takes raw bytes beyond ASCII in the target for what they are or refuses them', async () => {
    const raw = await sendRaw(
      service.port,
      Buffer.from('GET /rewrite?q=\xd0\xba HTTP/1.1\r\nHost: x\r\n\r\n', 'latin1'),
      300,
    );
    expect([200, 400]).toContain(statuses(raw)[0]);
  });

  it('answers 413 to an endless URL and 431 to endless headers', async () => {
    const url = await sendRaw(service.port, `GET /rewrite?q=${'a'.repeat(300_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(statuses(url)).toEqual([413]);
    expect(url).toContain('"code":"url-too-long"');
    const lines = Array.from({ length: 5_000 }, (_, i) => `X-H${i}: ${'b'.repeat(40)}\r\n`).join('');
    const headers = await sendRaw(service.port, `GET /rewrite?q=a HTTP/1.1\r\nHost: x\r\n${lines}\r\n`);
    expect(statuses(headers)).toEqual([431]);
    expect(headers).toContain('application/problem+json');
  });

  it('cuts a body that never ends with a 413', async () => {
    const socket = connect(service.port, '127.0.0.1');
    const answered = new Promise<string>((resolve) => {
      let raw = '';
      socket.on('data', (chunk) => {
        raw += chunk.toString('latin1');
      });
      socket.on('error', () => resolve(raw));
      socket.on('close', () => resolve(raw));
    });
    socket.write(
      'POST /rewrite HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`;
    const pump = setInterval(() => {
      for (let i = 0; i < 40 && !socket.destroyed && !socket.writableNeedDrain; i++) socket.write(chunk);
    }, 5);
    const raw = await answered;
    clearInterval(pump);
    expect(statuses(raw).every((status) => status === 413 || status === 408)).toBe(true);
  });

  it('gives a client that dribbles its headers or its body a 408 and hangs up', async () => {
    const head = await sendRaw(service.port, 'GET /rewrite?q=a HTTP/1.1\r\nHost: x\r\nX-Slow: ', 5_000);
    expect(statuses(head)).toEqual([408]);
    expect(head).toContain('"code":"request-timeout"');
    const body = await sendRaw(
      service.port,
      'POST /rewrite HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"q":',
      5_000,
    );
    expect(statuses(body)).toEqual([408]);
  });

  it('survives clients that leave in the middle of their body', async () => {
    for (let i = 0; i < 20; i++) {
      await new Promise<void>((resolve) => {
        const socket = connect(service.port, '127.0.0.1', () => {
          socket.write(
            'POST /rewrite HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"q":',
            () => socket.destroy(),
          );
        });
        socket.on('close', () => resolve());
      });
    }
    expect((await fetch(`${service.url}/livez`)).status).toBe(200);
  });

  it.each([
    'OPTIONS *',
    'GET http://other/rewrite?q=a',
    'GET //rewrite?q=a',
    'GET /rewrite;v=1?q=a',
    'PRI *',
    'GET /%00',
  ])('has a clear answer to %s', async (target) => {
    const raw = await sendRaw(service.port, `${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(statuses(raw)).toHaveLength(1);
    expect(statuses(raw)[0]).toBeLessThan(500);
  });
});
