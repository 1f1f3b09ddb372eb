import type { DriveReport } from './driver/remote-driver.ts';

/** What a run says of the limit. */
export type Outcome = 'PASS' | 'FAIL' | 'NO VERDICT';

export interface Verdict {
  readonly outcome: Outcome;
  /** Why, in a sentence. */
  readonly why: string;
}

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
 * An answer that is wrong is a FAIL whatever else was. Else a driver that could not keep the pace gives no verdict,
 * neither way, for then it is not known what the server would have done. Then a single request without an answer is a FAIL.
 */
export function judge(report: DriveReport, limitMs: number): Verdict {
  const { status, malformed } = report.failures;
  if (status + malformed > 0) return failedBy(report);
  const excuse = whyNotJudged(report, limitMs);
  if (excuse !== undefined) return { outcome: 'NO VERDICT', why: excuse };
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

function whyNotJudged(report: DriveReport, limitMs: number): string | undefined {
  if (report.sent < MIN_REQUESTS) return `${report.sent} requests are too few for a p99; send ${MIN_REQUESTS} or more`;
  if (report.sendingMs > report.scheduledMs * PACE_TOLERANCE + PACE_SLACK_MS) {
    const [took, planned] = [report.sendingMs, report.scheduledMs].map((ms) => (ms / 1000).toFixed(2));
    return `the driver fell behind: it sent for ${took} s what was planned for ${planned} s`;
  }
  const latenessMs = report.lateness.p99 / 1000;
  if (latenessMs > limitMs * LATENESS_SHARE) {
    return `the driver itself was late by ${latenessMs.toFixed(2)} ms at p99: the machine had other work`;
  }
  return undefined;
}

/** The last line on stdout, for people and for scripts. */
export function verdictLine(outcome: Outcome, ratePerSecond: number, report: DriveReport | undefined): string {
  const p99 = report === undefined ? '-' : (report.latency.p99 / 1000).toFixed(2);
  const errors = report === undefined ? '-' : errorsOf(report);
  return `${outcome} p99=${p99} ms rate=${ratePerSecond}/s errors=${errors}`;
}
