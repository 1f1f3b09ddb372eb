/** Today's lines of `emend rules import --collection overrides`: `the whole query => what it becomes`. */
import type { RuleSet } from '../model/rule.ts';
import { plainSequence } from '../model/sequence-text.ts';
import type { Exported, FormatInput, Imported, RuleFormat } from './shared/format.ts';
import { readText } from './shared/json-file.ts';
import { RuleExport, type RuleLeaving } from './shared/rule-export.ts';
import { RuleImport } from './shared/rule-import.ts';
import { squeeze, wordsTrigger } from './shared/synonyms.ts';
import { linesOf } from './shared/text.ts';

export const lines: RuleFormat = {
  name: 'lines',
  help: 'lines of the collection overrides: "the whole query => what it becomes"',
  importOptions: [],
  parse,
  exportOptions: [],
  write,
};

function parse({ bytes, file }: FormatInput): Imported {
  const into = new RuleImport('lines', file);
  const seen = new Map<string, { readonly to: string; readonly line: number }>();
  for (const [i, raw] of linesOf(readText(bytes, into) ?? '').entries()) {
    const text = raw.trim();
    if (text === '' || text.startsWith('#')) continue;
    const entry = into.entry({ line: i + 1 });
    const [from = '', to, ...more] = (text.startsWith('\\#') ? text.slice(1) : text).split('=>').map(squeeze);
    const arrow = /->|[\u2192\u21d2]/.test(text) ? '; "->" is not the arrow' : '';
    if (more.length > 0) entry.refuse('SYNTAX', 'two arrows; write one rule "from => to" on each line');
    else if (to === undefined)
      entry.refuse('SYNTAX', `expected "the whole query => what it becomes", found no "=>"${arrow}`);
    else if (from === '')
      entry.refuse('SYNTAX', 'nothing before the arrow; write "the whole query => what it becomes"');
    else if (to === '') entry.refuse('SYNTAX', 'nothing after the arrow; write "the whole query => what it becomes"');
    else {
      const before = seen.get(from.toLowerCase());
      if (before?.to === to) entry.lose('the rule', `it stands on line ${before.line} too`);
      else if (before !== undefined)
        entry.refuse('DUPLICATE', `this query has another override on line ${before.line}; keep only one`);
      else
        entry.add({
          id: `${from} => ${to}`,
          triggers: [wordsTrigger(from, 'both')],
          actions: [{ do: 'replace', to, whole: true }],
        });
      if (before === undefined) seen.set(from.toLowerCase(), { to, line: i + 1 });
    }
  }
  return into.finish();
}

function write(set: RuleSet): Exported {
  const out = new RuleExport('lines');
  const seen = new Set<string>();
  const text = set.rules.flatMap((rule) => linesFor(out.rule(rule), seen));
  return out.finish(text.map((line) => `${line}\n`).join(''));
}

/** @param seen queries that have a line */
function linesFor(leaving: RuleLeaving, seen: Set<string>): string[] {
  const { rule } = leaving;
  const [action] = rule.actions;
  if (rule.enabled === false || rule.context !== undefined || rule.validity !== undefined) {
    leaving.lose('the rule', 'a line always holds');
    return [];
  }
  if (rule.actions.length !== 1 || action?.do !== 'replace' || action.from !== undefined) {
    leaving.lose('the rule', 'a line replaces the whole query, and does nothing else');
    return [];
  }
  if (rule.properties !== undefined || rule.tags !== undefined || rule.comment !== undefined)
    leaving.lose('properties, tags, comment', 'a line has none');
  if (rule.priority !== undefined || rule.stop) leaving.lose('priority and stop', 'a line has none');
  if (action.to.includes('=>') || action.to !== squeeze(action.to)) {
    leaving.lose('the rule', 'its target holds an arrow or white space at its ends');
    return [];
  }
  return rule.triggers.flatMap((trigger) => {
    const from =
      trigger.kind === 'sequence' && trigger.anchor === 'both' && !trigger.plurals
        ? plainSequence(trigger.text)
        : undefined;
    if (from === undefined || from.includes('=>') || from.startsWith('\\#')) {
      leaving.lose('triggers', 'a line is for a whole query, without wildcard, arrow or escape');
      return [];
    }
    if (seen.has(from.toLowerCase())) {
      leaving.lose('triggers', `"${from}" has a line already`);
      return [];
    }
    seen.add(from.toLowerCase());
    leaving.wrote();
    return [`${from.startsWith('#') ? '\\' : ''}${from} => ${action.to}`];
  });
}
