/** What an import or an export took over, and what it lost: one outcome a rule, and everything that is wrong or looks wrong. */
import type { RuleSource } from '../../model/rule.ts';

/** How much of a rule was taken over. */
export type Taken = 'whole' | 'part' | 'not';

/** One part of a rule that was not taken over. */
export interface Loss {
  readonly what: string;
  readonly why: string;
}

export interface RuleOutcome {
  /** Import: where the rule stands in the file. Export: where the rule was read, if it says so. */
  readonly source: RuleSource;
  readonly taken: Taken;
  /** Import: ids of the rules that it became. Export: the id of the rule that was written, or not. */
  readonly rules: readonly string[];
  readonly lost: readonly Loss[];
}

/**
 * | code | severity | when |
 * | --- | --- | --- |
 * | `ENCODING` | error | bytes that are not UTF-8, or damaged compression |
 * | `SYNTAX` | error | text that the format does not have |
 * | `VALUE` | error | a value that the tool of origin refuses |
 * | `DUPLICATE` | error, warning | what must be unique stands twice |
 * | `LIMIT` | error | more than there may be |
 * | `NEVER_FIRES` | warning | a rule that no query fires |
 * | `NO_EFFECT` | warning | a rule that changes nothing |
 * | `SUSPECT` | warning | a rule that reads as if something else was meant |
 * | `MISSING` | warning | what the rules need and the file does not hold |
 * | `DIFFERENT` | warning | what the tool of origin does otherwise |
 */
export type FindingCode =
  | 'ENCODING'
  | 'SYNTAX'
  | 'VALUE'
  | 'DUPLICATE'
  | 'LIMIT'
  | 'NEVER_FIRES'
  | 'NO_EFFECT'
  | 'SUSPECT'
  | 'MISSING'
  | 'DIFFERENT';

export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly code: FindingCode;
  readonly source: RuleSource;
  readonly message: string;
}

export interface LossReport {
  readonly format: string;
  readonly direction: 'import' | 'export';
  readonly whole: number;
  readonly part: number;
  readonly not: number;
  readonly errors: number;
  readonly warnings: number;
  readonly outcomes: readonly RuleOutcome[];
  readonly findings: readonly Finding[];
}

/** The report of outcomes and findings, counted. */
export function makeReport(
  format: string,
  direction: LossReport['direction'],
  outcomes: readonly RuleOutcome[],
  findings: readonly Finding[],
): LossReport {
  const count = (taken: Taken) => outcomes.reduce((sum, one) => sum + (one.taken === taken ? 1 : 0), 0);
  const errors = findings.reduce((sum, { severity }) => sum + (severity === 'error' ? 1 : 0), 0);
  return {
    format,
    direction,
    whole: count('whole'),
    part: count('part'),
    not: count('not'),
    errors,
    warnings: findings.length - errors,
    outcomes,
    findings,
  };
}

/** Several reports of one format as one. */
export function joinReports(reports: readonly LossReport[]): LossReport {
  const [first] = reports;
  const outcomes = reports.flatMap((report) => report.outcomes);
  const findings = reports.flatMap((report) => report.findings);
  return makeReport(first?.format ?? '', first?.direction ?? 'import', outcomes, findings);
}
