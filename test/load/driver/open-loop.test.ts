import { createServer } from 'node:net';
import { startKnownServer } from '../../../load/driver/known-server.ts';
import { type DrivePlan, type DriveResult, drive } from '../../../load/driver/open-loop.ts';
import { encodeRequest } from '../../../load/driver/request.ts';
import { poissonSchedule } from '../../../load/driver/schedule.ts';

const REQUESTS = [encodeRequest({ method: 'GET', path: '/rewrite?q=a', body: '' }, '127.0.0.1')];

function planFor(port: number, due: Float64Array, changes: Partial<DrivePlan> = {}): DrivePlan {
  return {
    host: '127.0.0.1',
    port,
    requests: REQUESTS,
    due,
    connections: 8,
    maxConnections: 256,
    timeoutMs: 10_000,
    ...changes,
  };
}

function failuresOf(result: DriveResult): number {
  return Object.values(result.failures).reduce((sum, count) => sum + count, 0);
}

describe('the open-loop driver', () => {
  it('sends every request and finds an injected delay in each of them', async () => {
    const server = await startKnownServer({ delayMs: 25 });
    try {
      const result = await drive(planFor(server.port, poissonSchedule(400, 1, 1)));
      expect(result.sent).toBe(400);
      expect(result.latency.count).toBe(400);
      expect(failuresOf(result)).toBe(0);
      // Timers may fire a millisecond early by the clock of another thread.
      expect(Math.min(...result.latencies)).toBeGreaterThan(23_000);
      expect(result.latency.p50).toBeGreaterThan(23_000);
      expect(result.lateness.count).toBe(400);
    } finally {
      await server.close();
    }
  });

  it('charges a stall to every request that was to leave during it', async () => {
    const server = await startKnownServer({ stallMs: 300, everyMs: 500 });
    try {
      const due = poissonSchedule(500, 2, 2);
      const result = await drive(planFor(server.port, due));
      expect(failuresOf(result)).toBe(0);
      const stalls = await server.stalls();
      let met = 0;
      let expectedSlow = 0;
      for (const [from, until] of stalls) {
        for (let i = 0; i < due.length; i++) {
          const intended = result.startedAtMs + due[i]!;
          // What was answered just before the stall is no part of it; clocks of two threads differ by less than 2 ms.
          if (intended < from + 2 || intended > until) continue;
          met++;
          if (until - intended > 100) expectedSlow++;
          expect(result.latencies[i]! / 1000).toBeGreaterThan(until - intended - 2);
        }
      }
      expect(met).toBeGreaterThan(100);
      const slow = result.latencies.filter((us) => us > 98_000).length;
      expect(slow).toBeGreaterThanOrEqual(expectedSlow);
      // 300 of 800 ms stood still: a driver that waits with the server would see one slow request a stall.
      expect(slow).toBeGreaterThan(10 * stalls.length);
      expect(result.latency.max).toBeGreaterThan(200_000);
      expect(result.latency.p99).toBeGreaterThan(200_000);
    } finally {
      await server.close();
    }
  });

  it('counts the waiting for a connection as part of the latency', async () => {
    const server = await startKnownServer({ delayMs: 20 });
    try {
      // One connection answers 50 a second; the last of 40 sent at once waits for 39 others.
      const result = await drive(planFor(server.port, new Float64Array(40), { connections: 1, maxConnections: 1 }));
      expect(result.waited).toBe(39);
      expect(result.connections).toBe(1);
      expect(result.latencies[39]!).toBeGreaterThan(39 * 19_000);
    } finally {
      await server.close();
    }
  });

  it('counts failures and gives them the whole timeout as their time', async () => {
    const server = await startKnownServer({ failEvery: 4 });
    try {
      const result = await drive(planFor(server.port, poissonSchedule(400, 0.5, 3), { timeoutMs: 5_000 }));
      expect(result.failures).toEqual({ status: 50, connection: 0, timeout: 0, malformed: 0 });
      expect(result.latencies.filter((us) => us === 5_000_000).length).toBe(50);
    } finally {
      await server.close();
    }
  });

  it('gives up on a request that gets no answer in time', async () => {
    const server = await startKnownServer({ delayMs: 2_000 });
    try {
      const result = await drive(planFor(server.port, poissonSchedule(100, 0.2, 4), { timeoutMs: 200 }));
      expect(result.failures.timeout).toBe(20);
      expect(result.latency.count).toBe(20);
    } finally {
      await server.close();
    }
  });

  it('fails requests to a port where nobody listens', async () => {
    const server = await startKnownServer();
    await server.close();
    const result = await drive(planFor(server.port, poissonSchedule(100, 0.2, 5), { timeoutMs: 200 }));
    expect(result.failures.connection).toBe(20);
  });
});

describe('what the driver takes for an answer', () => {
  const answers = async (answer: (write: (text: string) => void, end: () => void) => void, count = 1) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () =>
        answer(
          (text) => socket.write(text),
          () => socket.end(),
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const due = new Float64Array(count);
      return await drive(planFor(port, due, { connections: 1, maxConnections: 1, timeoutMs: 500 }));
    } finally {
      server.close();
    }
  };

  it('an answer that comes byte by byte', async () => {
    const text = 'HTTP/1.1 200 OK\r\nX: y\r\ncontent-length: 5\r\n\r\nabcde';
    const result = await answers((write) => {
      for (const [i, byte] of [...text].entries()) setTimeout(() => write(byte), i / 10);
    });
    expect(failuresOf(result)).toBe(0);
  });

  it('an answer after which the connection closes, and the next over another', async () => {
    const result = await answers((write, end) => {
      write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      end();
    }, 3);
    expect(failuresOf(result)).toBe(0);
    expect(result.latency.count).toBe(3);
  });

  it.each([
    ['more bytes than were announced', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab'],
    ['no length', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['not HTTP', 'hello\r\n\r\n'],
  ])('not one with %s', async (_, text) => {
    const result = await answers((write) => write(text));
    expect(result.failures.malformed).toBe(1);
  });

  it('not half an answer before the connection ends', async () => {
    const result = await answers((write, end) => {
      write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc');
      end();
    });
    expect(result.failures.connection).toBe(1);
  });
});
