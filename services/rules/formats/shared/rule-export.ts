/** Collects what an export writes: an outcome for each rule of the set. */
import type { Rule } from '../../model/rule.ts';
import type { Exported } from './format.ts';
import { type Finding, type FindingCode, type Loss, makeReport, type RuleOutcome } from './report.ts';

/** One rule on its way into a file. */
export class RuleLeaving {
  readonly rule: Rule;
  readonly #findings: Finding[];
  readonly #lost: Loss[] = [];
  #written = false;

  constructor(rule: Rule, findings: Finding[]) {
    this.rule = rule;
    this.#findings = findings;
  }

  lose(what: string, why: string): undefined {
    if (!this.#lost.some((loss) => loss.what === what && loss.why === why)) this.#lost.push({ what, why });
    return undefined;
  }

  warn(code: FindingCode, message: string): void {
    this.#findings.push({
      severity: 'warning',
      code,
      source: this.rule.source ?? {},
      message: `${this.rule.id}: ${message}`,
    });
  }

  /** Says that something of the rule was written. */
  wrote(): void {
    this.#written = true;
  }

  get written(): boolean {
    return this.#written;
  }

  outcome(): RuleOutcome {
    if (!this.#written && this.#lost.length === 0) this.lose('the rule', 'the format has nothing like it');
    const taken = !this.#written ? 'not' : this.#lost.length > 0 ? 'part' : 'whole';
    return { source: this.rule.source ?? {}, taken, rules: [this.rule.id], lost: this.#lost };
  }
}

/** One export. */
export class RuleExport {
  readonly #format: string;
  readonly #leaving: RuleLeaving[] = [];
  readonly #findings: Finding[] = [];

  constructor(format: string) {
    this.#format = format;
  }

  /** Begins a rule. */
  rule(rule: Rule): RuleLeaving {
    const leaving = new RuleLeaving(rule, this.#findings);
    this.#leaving.push(leaving);
    return leaving;
  }

  warn(code: FindingCode, message: string): void {
    this.#findings.push({ severity: 'warning', code, source: {}, message });
  }

  finish(text: string): Exported {
    const outcomes = this.#leaving.map((one) => one.outcome());
    return { text, report: makeReport(this.#format, 'export', outcomes, this.#findings) };
  }
}
