import type { Reading } from '../engines/reading.ts';
import type { AskFailure } from './asked-rewriter.ts';
import type { NoFill } from './fill.ts';
import type { Mode } from './requests-file.ts';
import type { NoText } from './text-place.ts';

/** Why a named request, or its answer, went through as it came. */
export type PassReason =
  | AskFailure
  | NoText
  | NoFill
  | 'body-too-large'
  | 'body-encoded'
  | 'signed'
  | 'broken-off'
  | 'answer-too-large'
  | 'answer-encoded'
  | 'error';

/**
 * What became of a named request. `passed`: it could not be looked at, and `reason` says why. `outside`: it is not in the share,
 * or asked for nothing.
 */
export type Outcome =
  | 'rewritten'
  | 'suggested'
  | 'would-rewrite'
  | 'would-suggest'
  | 'unchanged'
  | 'outside'
  | 'passed';

/** A named request in the log. */
export interface ProxyRecord {
  readonly request: string;
  mode: Mode;
  outcome: Outcome;
  reason?: PassReason;
  text?: string;
  reading?: Reading;
  /** Held back for Emend: the request, and then the answer. */
  addedMs: number;
}

/** What a proxy tells of itself; labels are few: those of the requests file. */
export interface ProxyMetrics {
  /** A request came; undefined: none of those that are named. */
  came(named: string | undefined): void;
  done(record: ProxyRecord): void;
  upstreamFailed(): void;
}

/** Tells nobody. */
export const NO_METRICS: ProxyMetrics = Object.freeze({ came() {}, done() {}, upstreamFailed() {} });

/** The line of the log for a record; the status is 0 where the client left before there was one. */
export function logLine(record: ProxyRecord, time: string, status: number): object {
  const { reading } = record;
  return {
    time,
    request: record.request,
    mode: record.mode,
    outcome: record.outcome,
    ...(record.reason !== undefined && { reason: record.reason }),
    ...(record.text !== undefined && { text: record.text }),
    ...(reading !== undefined && {
      search: reading.search,
      suggestion: reading.suggestion,
      decision: reading.decision,
      confidence: reading.confidence,
      queryId: reading.queryId,
    }),
    status,
    addedMs: Math.round(record.addedMs * 1000) / 1000,
  };
}
