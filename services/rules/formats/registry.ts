/** All formats of rules, and importing several files as one rule set. */
import type { Rule, RuleSet } from '../model/rule.ts';
import { algolia } from './algolia/algolia.ts';
import { es } from './es.ts';
import { esQueryRules } from './es-query-rules.ts';
import { lines } from './lines.ts';
import { meilisearch } from './meilisearch.ts';
import { querqyNumberUnit } from './querqy/number-unit.ts';
import { querqy } from './querqy/querqy.ts';
import { querqyReplace } from './querqy/replace.ts';
import { FormatError } from './shared/errors.ts';
import type { Exported, Imported, RuleFormat } from './shared/format.ts';
import { FormatOptions } from './shared/options.ts';
import { type Finding, joinReports, makeReport } from './shared/report.ts';
import { smui } from './smui/smui.ts';
import { solr } from './solr/solr.ts';
import { typesense } from './typesense/typesense.ts';

/** Every format, in the order of the manual. */
export const FORMATS: readonly RuleFormat[] = [
  ...[solr, es, querqy, querqyReplace, querqyNumberUnit, smui],
  ...[esQueryRules, algolia, typesense, meilisearch, lines],
];

/** A file to import. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** @throws {FormatError} `FORMAT_NAME` */
export function formatNamed(name: string): RuleFormat {
  const format = FORMATS.find((one) => one.name === name);
  if (format !== undefined) return format;
  throw new FormatError(
    'FORMAT_NAME',
    `unknown format "${name}"; expected ${FORMATS.map((one) => one.name).join(', ')}`,
  );
}

/**
 * Imports files of one format as one rule set. Equal rules of several files become one; different ones of the same id get ids of
 * their own, with a warning.
 *
 * @param given options as `--option` says them
 * @throws {FormatError} `FORMAT_NAME`, `FORMAT_OPTION`; never for what the files hold
 */
export function importRuleFiles(
  name: string,
  files: readonly NamedBytes[],
  given: Readonly<Record<string, string>> = {},
): Imported {
  const format = formatNamed(name);
  const options = new FormatOptions(format.importOptions, given, name);
  const all = files.map(({ name: file, bytes }) => format.parse({ bytes, file, options }));
  const [only] = all;
  if (all.length === 1 && only !== undefined) return only;
  const report = joinReports(all.map((one) => one.report));
  const renamed: Finding[] = [];
  const rules = joinRules(
    all.map((one) => one.rules.rules),
    renamed,
  );
  const findings = [...report.findings, ...renamed];
  return {
    rules: joinSets(
      all.map((one) => one.rules),
      rules,
    ),
    report: makeReport(name, 'import', report.outcomes, findings),
  };
}

/**
 * Exports a rule set.
 *
 * @throws {FormatError} `FORMAT_NAME` also for a format that can be read alone, `FORMAT_OPTION`
 */
export function exportRules(name: string, rules: RuleSet, given: Readonly<Record<string, string>> = {}): Exported {
  const format = formatNamed(name);
  if (format.write === undefined) {
    const names = FORMATS.filter((one) => one.write !== undefined).map((one) => one.name);
    throw new FormatError('FORMAT_NAME', `${name} can be imported alone; export is to ${names.join(', ')}`);
  }
  return format.write(rules, new FormatOptions(format.exportOptions ?? [], given, name));
}

function joinRules(lists: readonly (readonly Rule[])[], renamed: Finding[]): Rule[] {
  const byId = new Map<string, Rule>();
  for (const rule of lists.flat()) {
    const before = byId.get(rule.id);
    if (before === undefined) byId.set(rule.id, rule);
    else if (content(before) !== content(rule)) {
      let count = 2;
      while (byId.has(`${rule.id}#${count}`)) count++;
      const id = `${rule.id}#${count}`;
      byId.set(id, { ...rule, id });
      const message = `the id ${JSON.stringify(rule.id)} stands in several files; this rule became ${JSON.stringify(id)}`;
      renamed.push({ severity: 'warning', code: 'DUPLICATE', source: rule.source ?? {}, message });
    }
  }
  return [...byId.values()];
}

function content(rule: Rule): string {
  const { source, ...rest } = rule;
  return JSON.stringify(rest);
}

function joinSets(sets: readonly RuleSet[], rules: readonly Rule[]): RuleSet {
  const quantities = sets.flatMap((set) => set.quantities ?? []);
  const protectedTerms = [...new Set(sets.flatMap((set) => set.protectedTerms ?? []))];
  // Files differ in this for Typesense alone: what stops must then be said by the rules.
  const settings = sets.map((set) => JSON.stringify(set.settings ?? {}));
  const same = settings.every((one) => one === settings[0]) ? sets[0]?.settings : undefined;
  return {
    rules,
    ...(quantities.length === 0 ? {} : { quantities }),
    ...(protectedTerms.length === 0 ? {} : { protectedTerms }),
    ...(same === undefined ? {} : { settings: same }),
  };
}
