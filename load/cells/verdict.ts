import type { DriveReport } from '../driver/remote-driver.ts';

/** What a run says of the limit. */
export type Outcome = 'PASS' | 'FAIL' | 'NO VERDICT';

export interface Verdict {
  readonly outcome: Outcome;
  /** Why, in a sentence. */
  readonly why: string;
}

/** What the machine was like while a measurement was made. Undefined where it is not known. */
export interface Surroundings {
  /** p99 of a server that does nothing, driven right before and right after: the larger, microseconds. */
  readonly bareP99Us: number | undefined;
  /** Cores kept busy by anything but server and driver, or taken away by other virtual machines. */
  readonly othersCores: number | undefined;
}

const UNKNOWN: Surroundings = { bareP99Us: undefined, othersCores: undefined };

/** The share of the limit that a server which does nothing may take at p99 before the machine decides, not the server. */
const NOISE_SHARE = 0.5;
/** Of a core: the kernel's own work for the network is in it, 0.05 to 0.15 at 1,000 requests a second. */
const MOST_OTHERS_CORES = 0.3;

/** The share of the limit by which the driver itself may be late, at p99, before what it measured is its own doing. */
const LATENESS_SHARE = 0.2;
/** How much longer than planned the sending may take. */
const PACE_TOLERANCE = 1.01;
const PACE_SLACK_MS = 50;
/** Below this a p99 rests on fewer than ten requests. */
export const MIN_REQUESTS = 1000;

/** The exit code of each outcome. */
export const EXIT_CODES: Readonly<Record<Outcome, number>> = Object.freeze({ PASS: 0, FAIL: 1, 'NO VERDICT': 3 });

/** All requests of a run that have no answer that counts. */
export function errorsOf(report: DriveReport): number {
  return Object.values(report.failures).reduce((sum, count) => sum + count, 0);
}

/**
 * Whether p99 stayed below the limit.
 *
 * An answer that is wrong is a FAIL whatever else was. Else a driver that could not keep the pace, or a machine that had
 * other work, gives no verdict, neither way, for then it is not known what the server would have done. Then a single request
 * without an answer is a FAIL.
 */
export function judge(report: DriveReport, limitMs: number, around: Surroundings = UNKNOWN): Verdict {
  const { status, malformed } = report.failures;
  if (status + malformed > 0) return failedBy(report);
  if (report.sent < MIN_REQUESTS) {
    return {
      outcome: 'NO VERDICT',
      why: `${report.sent} requests are too few for a p99; send ${MIN_REQUESTS} or more`,
    };
  }
  const disturbance = disturbanceOf(report, limitMs, around);
  if (disturbance !== undefined) return { outcome: 'NO VERDICT', why: disturbance };
  if (errorsOf(report) > 0) return failedBy(report);
  const p99Ms = report.latency.p99 / 1000;
  return {
    outcome: p99Ms < limitMs ? 'PASS' : 'FAIL',
    why: `p99 ${p99Ms.toFixed(2)} ms against a limit of ${limitMs} ms`,
  };
}

function failedBy(report: DriveReport): Verdict {
  const kinds = Object.entries(report.failures).filter(([, count]) => count > 0);
  return { outcome: 'FAIL', why: `errors: ${kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')}` };
}

/**
 * What made a measurement say nothing of the server, or undefined. It looks at the driver and the machine alone, never at the
 * server's own latency: so to measure again what was disturbed favours neither PASS nor FAIL.
 */
export function disturbanceOf(report: DriveReport, limitMs: number, around: Surroundings): string | undefined {
  if (report.sendingMs > report.scheduledMs * PACE_TOLERANCE + PACE_SLACK_MS) {
    const [took, planned] = [report.sendingMs, report.scheduledMs].map((ms) => (ms / 1000).toFixed(2));
    return `the driver fell behind: it sent for ${took} s what was planned for ${planned} s`;
  }
  const latenessMs = report.lateness.p99 / 1000;
  if (latenessMs > limitMs * LATENESS_SHARE) {
    return `the driver itself was late by ${latenessMs.toFixed(2)} ms at p99: the machine had other work`;
  }
  const { bareP99Us, othersCores } = around;
  if (bareP99Us !== undefined && bareP99Us / 1000 > limitMs * NOISE_SHARE) {
    return `a server that does nothing took ${(bareP99Us / 1000).toFixed(2)} ms at p99 beside it: the machine's noise`;
  }
  if (othersCores !== undefined && othersCores > MOST_OTHERS_CORES) {
    return `others kept ${othersCores.toFixed(2)} cores busy meanwhile`;
  }
  return undefined;
}

/** The last line on stdout, for people and for scripts. */
export function verdictLine(outcome: Outcome, ratePerSecond: number, report: DriveReport | undefined): string {
  const p99 = report === undefined ? '-' : (report.latency.p99 / 1000).toFixed(2);
  const errors = report === undefined ? '-' : errorsOf(report);
  return `${outcome} p99=${p99} ms rate=${ratePerSecond}/s errors=${errors}`;
}
