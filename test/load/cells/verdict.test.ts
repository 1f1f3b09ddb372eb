import { disturbanceOf, EXIT_CODES, judge, type Surroundings, verdictLine } from '../../../load/cells/verdict.ts';
import type { DriveReport } from '../../../load/driver/remote-driver.ts';

const NONE = { status: 0, connection: 0, timeout: 0, malformed: 0 };

function distribution(p99: number) {
  return { count: 20_000, mean: 900, p50: 800, p90: 1500, p99, p999: 2 * p99, max: 3 * p99, curve: [] };
}

function report(changes: Partial<DriveReport> = {}): DriveReport {
  return {
    sent: 20_000,
    latency: distribution(4210),
    lateness: distribution(60),
    failures: NONE,
    waited: 0,
    connections: 32,
    sendingMs: 20_003,
    scheduledMs: 20_000,
    startedAtMs: 0,
    slowest: [],
    cpuMs: 20_000,
    ...changes,
  };
}

describe('a verdict', () => {
  it.each([
    ['p99 below the limit', report(), 'PASS'],
    ['p99 at the limit', report({ latency: distribution(10_000) }), 'FAIL'],
    ['one request without an answer', report({ failures: { ...NONE, timeout: 1 } }), 'FAIL'],
    ['one answer that is an error', report({ failures: { ...NONE, status: 1 } }), 'FAIL'],
    ['a late driver, whatever it measured', report({ lateness: distribution(2500) }), 'NO VERDICT'],
    [
      'a late driver and a slow server',
      report({ lateness: distribution(2500), latency: distribution(50_000) }),
      'NO VERDICT',
    ],
    [
      'a late driver and missing answers',
      report({ lateness: distribution(2500), failures: { ...NONE, timeout: 3 } }),
      'NO VERDICT',
    ],
    [
      'a late driver and wrong answers',
      report({ lateness: distribution(2500), failures: { ...NONE, status: 3 } }),
      'FAIL',
    ],
    ['a driver that took longer to send than planned', report({ sendingMs: 21_000 }), 'NO VERDICT'],
    ['too few requests', report({ sent: 999 }), 'NO VERDICT'],
  ])('on %s', (_, of, outcome) => {
    expect(judge(of, 10).outcome).toBe(outcome);
  });

  const QUIET: Surroundings = { bareP99Us: 600, othersCores: 0.1 };
  const slow = { latency: distribution(12_000) };
  it.each([
    ['a quiet machine', QUIET, 'PASS', 'FAIL'],
    ['a machine of which nothing is known', { bareP99Us: undefined, othersCores: undefined }, 'PASS', 'FAIL'],
    ['a bare server at half the limit', { ...QUIET, bareP99Us: 5000 }, 'PASS', 'FAIL'],
    ['a bare server beyond half the limit', { ...QUIET, bareP99Us: 5001 }, 'NO VERDICT', 'NO VERDICT'],
    ['others that kept a core busy', { ...QUIET, othersCores: 0.9 }, 'NO VERDICT', 'NO VERDICT'],
  ])('on %s is the same for a fast server and a slow one, or neither', (_, around, ofFast, ofSlow) => {
    expect(judge(report(), 10, around).outcome).toBe(ofFast);
    expect(judge(report(slow), 10, around).outcome).toBe(ofSlow);
    // What is measured again must not depend on how the server did.
    expect(disturbanceOf(report(slow), 10, around)).toBe(disturbanceOf(report(), 10, around));
  });

  it('on wrong answers is a FAIL on any machine', () => {
    const noisy = { bareP99Us: 50_000, othersCores: 2 };
    expect(judge(report({ failures: { ...NONE, malformed: 1 } }), 10, noisy).outcome).toBe('FAIL');
  });

  it('is not asked for again for want of requests', () => {
    expect(disturbanceOf(report({ sent: 10 }), 10, QUIET)).toBeUndefined();
  });

  it('is a line that scripts can read, with an exit code', () => {
    expect(verdictLine('PASS', 1000, report())).toBe('PASS p99=4.21 ms rate=1000/s errors=0');
    expect(verdictLine('FAIL', 50, report({ failures: { ...NONE, timeout: 2, status: 1 } }))).toBe(
      'FAIL p99=4.21 ms rate=50/s errors=3',
    );
    expect(verdictLine('NO VERDICT', 1000, undefined)).toBe('NO VERDICT p99=- ms rate=1000/s errors=-');
    expect(EXIT_CODES).toEqual({ PASS: 0, FAIL: 1, 'NO VERDICT': 3 });
  });
});
