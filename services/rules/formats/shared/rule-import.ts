/** Collects what a file holds: rules with ids of their own, an outcome for each rule of the file, and everything that is wrong. */
import { MAX_ID_BYTES } from '../../model/parse.ts';
import type { QuantityRule, Rule, RuleSet, RuleSetSettings, RuleSource } from '../../model/rule.ts';
import { doubtsOf } from './checks.ts';
import type { Imported } from './format.ts';
import { type Finding, type FindingCode, type Loss, makeReport, type RuleOutcome } from './report.ts';

/** A rule before it has an id of its own: `id` is what it would like to be called. */
export type NewRule = Omit<Rule, 'source'>;

/** One file's import. */
export class RuleImport {
  readonly #format: string;
  readonly #file: string;
  readonly #rules: Rule[] = [];
  readonly #ids = new Map<string, number>();
  readonly #quantities: QuantityRule[] = [];
  readonly #protected = new Set<string>();
  readonly #entries: RuleEntry[] = [];
  readonly #findings: Finding[] = [];

  constructor(format: string, file: string) {
    this.#format = format;
    this.#file = file;
  }

  /** Begins a rule of the file. */
  entry(place: RuleSource): RuleEntry {
    const entry = new RuleEntry(this, this.at(place));
    this.#entries.push(entry);
    return entry;
  }

  /** A place in this file. */
  at(place: RuleSource): RuleSource {
    return this.#file === '' ? place : { file: this.#file, ...place };
  }

  error(code: FindingCode, place: RuleSource, message: string): void {
    this.#findings.push({ severity: 'error', code, source: this.at(place), message });
  }

  warn(code: FindingCode, place: RuleSource, message: string): void {
    this.#findings.push({ severity: 'warning', code, source: this.at(place), message });
  }

  /**
   * Adds a rule; what is doubtful about it becomes a warning.
   *
   * @param checked whether the format has looked for arrows and lists in terms itself
   * @returns the id that it got
   */
  add(rule: NewRule, source: RuleSource, checked: boolean): string {
    const id = this.#idFor(rule.id);
    for (const { code, message } of doubtsOf(rule)) {
      if (checked && code === 'SUSPECT') continue;
      this.#findings.push({ severity: 'warning', code, source, message });
    }
    this.#rules.push({ ...rule, id, source });
    return id;
  }

  quantity(rule: QuantityRule): void {
    this.#quantities.push(rule);
  }

  protect(term: string): void {
    this.#protected.add(term);
  }

  /** Takes the rules collected so far, to be put in again changed. */
  replaceRules(change: (rules: readonly Rule[]) => readonly Rule[]): void {
    const changed = change(this.#rules);
    this.#rules.splice(0, this.#rules.length);
    this.#ids.clear();
    for (const rule of changed) this.#rules.push({ ...rule, id: this.#idFor(rule.id) });
  }

  finish(settings: RuleSetSettings = {}): Imported {
    const rules: RuleSet = {
      rules: this.#rules,
      ...(this.#quantities.length === 0 ? {} : { quantities: this.#quantities }),
      ...(this.#protected.size === 0 ? {} : { protectedTerms: [...this.#protected] }),
      ...(Object.keys(settings).length === 0 ? {} : { settings }),
    };
    const outcomes = this.#entries.map((entry) => entry.outcome());
    return { rules, report: makeReport(this.#format, 'import', outcomes, this.#findings) };
  }

  #idFor(wish: string): string {
    const base = cut(wish === '' ? 'rule' : wish.toWellFormed(), MAX_ID_BYTES - 12);
    for (;;) {
      const count = (this.#ids.get(base) ?? 0) + 1;
      this.#ids.set(base, count);
      const id = count === 1 ? base : `${base}#${count}`;
      if (id === base || !this.#ids.has(id)) {
        if (id !== base) this.#ids.set(id, 1);
        return id;
      }
    }
  }
}

/** One rule of a file on its way. */
export class RuleEntry {
  readonly source: RuleSource;
  readonly #import: RuleImport;
  readonly #ids: string[] = [];
  readonly #lost: Loss[] = [];
  #refused = false;

  constructor(owner: RuleImport, source: RuleSource) {
    this.#import = owner;
    this.source = source;
  }

  /** Whether an error was noted. */
  get refused(): boolean {
    return this.#refused;
  }

  /** Notes a part that is not taken over. */
  lose(what: string, why: string): void {
    if (!this.#lost.some((loss) => loss.what === what && loss.why === why)) this.#lost.push({ what, why });
  }

  /** Notes an error: no rule comes of this. @param place within the rule, if it is known better */
  refuse(code: FindingCode, message: string, place: RuleSource = this.source): undefined {
    this.#refused = true;
    this.#import.error(code, place, message);
    this.lose('the rule', message);
    return undefined;
  }

  warn(code: FindingCode, message: string, place: RuleSource = this.source): void {
    this.#import.warn(code, place, message);
  }

  /** Adds a rule, unless this one is refused. @param checked whether arrows and lists in terms were looked for already */
  add(rule: NewRule, checked = false): void {
    if (!this.#refused) this.#ids.push(this.#import.add(rule, this.source, checked));
  }

  /** Counts as taken over although no rule came of it: its meaning went elsewhere. */
  keep(where: string): void {
    this.#ids.push(where);
  }

  outcome(): RuleOutcome {
    const taken = this.#refused || this.#ids.length === 0 ? 'not' : this.#lost.length > 0 ? 'part' : 'whole';
    return { source: this.source, taken, rules: taken === 'not' ? [] : this.#ids, lost: this.#lost };
  }
}

/** The text cut to so many bytes of UTF-8, between characters. */
function cut(text: string, most: number): string {
  if (text.length * 3 <= most || Buffer.byteLength(text) <= most) return text;
  let bytes = 0;
  let out = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) return out;
    out += character;
  }
  return out;
}
