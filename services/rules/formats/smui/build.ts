/** Inputs and spellings of SMUI as rules. */
import type { JsonValue } from '../../../../stores/lmdb/values.ts';
import type { Action, SequenceTrigger, Trigger } from '../../model/rule.ts';
import { escapeSequence } from '../../model/sequence-text.ts';
import { parseInput, type QuerqyInput } from '../querqy/input.ts';
import { parseInstruction } from '../querqy/instructions.ts';
import { lettersOf } from '../shared/checks.ts';
import type { RuleEntry } from '../shared/rule-import.ts';
import { squeeze, synonym } from '../shared/synonyms.ts';
import type { SmuiInput, SmuiPart, SmuiSpelling, SmuiTag } from './model.ts';

/** What all rules of an input share. */
interface Common {
  readonly enabled?: boolean;
  readonly comment?: string;
  readonly properties?: Readonly<Record<string, JsonValue>>;
  readonly tags?: readonly string[];
}

/** Adds the rules of an input: one, and for each undirected synonym one more, both ways. */
export function addInput(entry: RuleEntry, input: SmuiInput): void {
  const read = parseInput(input.term);
  if (typeof read === 'string') {
    entry.refuse('SYNTAX', `${JSON.stringify(input.term)}: ${read}`);
    return;
  }
  const common = commonOf(input);
  const actions: Action[] = [];
  const pairs: { readonly part: SmuiPart; readonly trigger: SequenceTrigger }[] = [];
  for (const part of input.parts) {
    if (!part.active) {
      entry.lose(nameOf(part), `${JSON.stringify(part.term)} is switched off`);
    } else if (part.what === 'undirected') {
      const trigger = undirectedTrigger(entry, part, read);
      if (trigger !== undefined) pairs.push({ part, trigger });
    } else {
      const action = smuiAction(part, read);
      if (typeof action === 'string') entry.refuse('VALUE', `${JSON.stringify(input.term)}: ${action}`);
      else actions.push(action);
    }
  }
  if (read.terms.some(({ fields }) => fields.length > 0)) {
    entry.lose('the rule', 'its input has field names, which the terms of a query here do not have');
    return;
  }
  const trigger: Trigger = { kind: 'sequence', ...read.sequence };
  if (actions.length > 0) entry.add({ id: input.id || input.term, triggers: [trigger], actions, ...common });
  const own = read.terms.map(({ text }) => text).join(' ');
  for (const { part, trigger: other } of pairs) {
    const both = [synonym(own), synonym(lettersOf(other.text))];
    entry.add({
      id: `${input.id || input.term}/${part.id || part.term}`,
      triggers: [trigger, other],
      actions: both,
      ...common,
    });
  }
  if (actions.length === 0 && pairs.length === 0) entry.lose('the rule', 'it has no active rule');
}

/** Adds a spelling: each alternative becomes the term. */
export function addSpelling(entry: RuleEntry, spelling: SmuiSpelling): undefined {
  const term = squeeze(spelling.term);
  if (term === '') return entry.refuse('VALUE', 'expected a canonical spelling, found an empty text');
  const active = spelling.alternatives.filter((one) => one.active);
  for (const { term: off } of spelling.alternatives.filter((one) => !one.active)) {
    entry.lose('an alternative', `${JSON.stringify(off)} is switched off`);
  }
  const triggers: Trigger[] = [];
  for (const { term: raw } of active) {
    const text = squeeze(raw);
    if (text === '') entry.refuse('VALUE', 'an empty alternative spelling');
    else if (text.toLowerCase() === term.toLowerCase()) entry.refuse('VALUE', `"${text}" is an alternative of itself`);
    else {
      const trigger = spellingTrigger(text);
      if (trigger === undefined)
        entry.refuse('VALUE', `expected one wildcard at the border of one term, found "${text}"`);
      else triggers.push(trigger);
    }
  }
  const wild = triggers.some((trigger) => trigger.kind === 'sequence' && trigger.wildcardMayBeEmpty === true);
  if (wild && active.length > 1) entry.refuse('VALUE', 'an alternative with a wildcard must be the only one');
  if (active.length === 0) entry.lose('the spelling', 'it has no active alternative');
  else {
    const common = commonOf({ ...spelling, tags: [] });
    entry.add({ id: spelling.id || spelling.term, triggers, actions: [{ do: 'replace', to: term }], ...common });
  }
  return undefined;
}

/** Spellings that two canonical ones claim, or that are canonical themselves. */
export function spellingConflicts(spellings: readonly SmuiSpelling[]): Map<SmuiSpelling, string> {
  const canonical = new Set(spellings.filter(({ active }) => active).map(({ term }) => fold(term)));
  const owners = new Map<string, string>();
  const conflicts = new Map<SmuiSpelling, string>();
  for (const spelling of spellings) {
    if (!spelling.active) continue;
    for (const { term, active } of spelling.alternatives) {
      const key = fold(term);
      if (!active || key === fold(spelling.term)) continue;
      const owner = owners.get(key);
      if (owner !== undefined && owner !== spelling.term)
        conflicts.set(spelling, `"${term}" is an alternative of "${owner}" too`);
      else if (canonical.has(key)) conflicts.set(spelling, `"${term}" is a canonical spelling itself`);
      owners.set(key, spelling.term);
    }
  }
  return conflicts;
}

/** A tag list as properties (those exported, as in the rules of Querqy) and tags (the others). */
export function tagMembers(tags: readonly SmuiTag[]): Pick<Common, 'properties' | 'tags'> {
  const properties: Record<string, string[]> = {};
  for (const { property, value, exported } of tags) {
    if (exported) properties[property || 'tag'] = [...(properties[property || 'tag'] ?? []), value];
  }
  const others = tags
    .filter(({ exported }) => !exported)
    .map(({ property, value }) => (property === '' ? value : `${property}:${value}`));
  return {
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(others.length === 0 ? {} : { tags: others }),
  };
}

function commonOf({ active, comment, tags }: Pick<SmuiInput, 'active' | 'comment' | 'tags'>): Common {
  return {
    ...(active ? {} : { enabled: false }),
    ...tagMembers(tags),
    ...(comment.trim() === '' ? {} : { comment }),
  };
}

function undirectedTrigger(entry: RuleEntry, part: SmuiPart, input: QuerqyInput): SequenceTrigger | undefined {
  const wild = input.terms.some(({ kind }) => kind !== 'term');
  if (wild) return entry.refuse('VALUE', `an undirected synonym "${part.term}" of an input with a wildcard`);
  const other = parseInput(part.term);
  if (typeof other === 'string') return entry.refuse('VALUE', `the synonym ${JSON.stringify(part.term)}: ${other}`);
  if (other.terms.some(({ kind }) => kind !== 'term')) {
    return entry.refuse('VALUE', `a wildcard in the undirected synonym "${part.term}"`);
  }
  const { anchor } = input.sequence;
  const text = other.terms.map((term) => escapeSequence(term.text)).join(' ');
  return { kind: 'sequence', text, ...(anchor === undefined ? {} : { anchor }) };
}

/** A rule below an input as an action, or what is wrong with it. */
export function smuiAction({ what, term, value }: SmuiPart, input: QuerqyInput): Action | string {
  const text = term.trim();
  if (what === 'redirect') {
    return /^(?:\/|https?:\/\/)/.test(text)
      ? { do: 'redirect', to: text }
      : `expected a redirect to "/...", "http://..." or "https://...", found ${JSON.stringify(text)}`;
  }
  const raw = /^\*\s*(.*)$/s.exec(text)?.[1];
  if (
    raw !== undefined &&
    what !== 'synonym' &&
    what !== 'delete' &&
    !raw.startsWith('{') &&
    !/^[^:\s]+\s*:\s*\S/.test(raw)
  ) {
    return `expected a query like "* field:value", found ${JSON.stringify(text)}`;
  }
  const name = {
    synonym: 'SYNONYM',
    undirected: 'SYNONYM',
    up: 'UP',
    down: 'DOWN',
    filter: 'FILTER',
    delete: 'DELETE',
  }[what];
  const read = parseInstruction(`${name}: ${text}`, input);
  if (typeof read === 'string') return read;
  return read.action.do === 'boost' && value !== 1 ? { ...read.action, factor: value } : read.action;
}

function spellingTrigger(text: string): Trigger | undefined {
  const [starts, ends] = [text.startsWith('*'), text.endsWith('*')];
  const inner = text.slice(starts ? 1 : 0, ends ? -1 : undefined);
  if (!starts && !ends) return { kind: 'sequence', text: escapeSequence(text) };
  if ((starts && ends) || inner === '' || /\s/.test(inner)) return undefined;
  const letters = escapeSequence(inner);
  return { kind: 'sequence', text: starts ? `*${letters}` : `${letters}*`, wildcardMayBeEmpty: true };
}

function nameOf({ what }: SmuiPart): string {
  return what === 'undirected' ? 'a synonym' : `${what === 'up' ? 'an' : 'a'} ${what} rule`;
}

function fold(text: string): string {
  return squeeze(text).toLowerCase();
}
