/** Rules as SMUI's inputs and spellings, in the JSON of its REST API. */
import type { JsonValue } from '../../../../stores/lmdb/values.ts';
import type { Action, Anchor, Rule, RuleSet, SequenceTrigger, Trigger } from '../../model/rule.ts';
import { escapeSequence, parseSequenceText, plainSequence } from '../../model/sequence-text.ts';
import { parseInput, type QuerqyInput } from '../querqy/input.ts';
import { escapeQuerqy } from '../querqy/terms.ts';
import type { Exported } from '../shared/format.ts';
import { RuleExport, type RuleLeaving } from '../shared/rule-export.ts';
import { isPlainSynonym } from '../shared/synonyms.ts';
import { smuiAction, spellingConflicts } from './build.ts';
import type { SmuiPart, SmuiSpelling } from './model.ts';

type JsonObject = { [member: string]: JsonValue };

/** An input that takes shape. */
interface InputJson {
  readonly id: string;
  readonly term: string;
  readonly lists: Readonly<
    Record<'synonymRules' | 'upDownRules' | 'filterRules' | 'deleteRules' | 'redirectRules', JsonObject[]>
  >;
  readonly rest: JsonObject;
}

/** Writes an array of inputs and spellings. */
export function writeSmui(set: RuleSet): Exported {
  const out = new RuleExport('smui');
  const written: Written = { inputs: new Map(), items: [], spellings: [] };
  for (const rule of set.rules) writeRule(out.rule(rule), written);
  const spellings = written.spellings.map(({ spelling }) => spelling);
  const conflicts = spellingConflicts(spellings);
  for (const { leaving, spelling } of written.spellings) {
    const conflict = conflicts.get(spelling);
    if (conflict === undefined) leaving.wrote();
    else leaving.lose('the rule', conflict);
  }
  const items = [
    ...written.items.map(inputJson),
    ...spellings.filter((spelling) => !conflicts.has(spelling)).map(spellingJson),
  ];
  return out.finish(items.length === 0 ? '[]\n' : `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]\n`);
}

/** What takes shape: inputs, also by their term and what they share with others, and spellings. */
interface Written {
  readonly inputs: Map<string, InputJson>;
  readonly items: InputJson[];
  readonly spellings: { readonly leaving: RuleLeaving; readonly spelling: SmuiSpelling }[];
}

function writeRule(leaving: RuleLeaving, { inputs, items, spellings }: Written): void {
  const { rule } = leaving;
  const why =
    rule.validity !== undefined
      ? 'it holds for a time'
      : rule.context !== undefined
        ? 'it holds in a context'
        : undefined;
  if (why !== undefined) {
    leaving.lose('the rule', `${why}: without, it would always hold`);
    return;
  }
  if (rule.priority !== undefined || rule.stop) leaving.lose('priority and stop', 'all rules of SMUI fire');
  const listed = (value: JsonValue) =>
    Array.isArray(value) && value.length > 0 && value.every((one: JsonValue) => typeof one === 'string');
  if (!Object.values(rule.properties ?? {}).every(listed) || rule.tags?.some((tag) => tag.startsWith(':'))) {
    leaving.lose('properties', 'written as tags, which are texts: each property comes back as a list of texts');
  }
  const spelling = spellingOf(leaving);
  if (spelling !== undefined) {
    spellings.push({ leaving, spelling });
    return;
  }
  const pair = pairOf(rule);
  if (pair?.texts.every((text) => readsAsWords(text, pair.anchor))) {
    writePair(rule, pair, inputs, items);
    leaving.wrote();
    return;
  }
  const used = new Set<string>();
  for (const [i, trigger] of rule.triggers.entries()) {
    const term = termOf(leaving, trigger);
    if (term === undefined) continue;
    const id = i === 0 ? rule.id : `${rule.id}~${i + 1}`;
    const input = newInput(id, term, rule);
    const read = parseInput(term);
    if (typeof read === 'string') continue;
    let written = 0;
    for (const action of rule.actions)
      if (addAction(leaving, input, action, trigger, read, `${id}.${written + 1}`)) written++;
    if (written === 0 || used.has(term)) continue;
    used.add(term);
    inputs.set(`${term}\n${JSON.stringify(input.rest)}`, input);
    items.push(input);
    leaving.wrote();
  }
}

/** Whether terms are read as they are, in an input and in a synonym. */
function readsAsWords(text: string, anchor: Anchor): boolean {
  const escaped = text.split(' ').map(escapeQuerqy).join(' ');
  return reads(quoted(escaped, anchor), escapeSequence(text), anchor) && reads(escaped, escapeSequence(text), 'any');
}

/** Terms that all stand for one another, with one anchor. */
function pairOf({
  triggers,
  actions,
}: Rule): { readonly texts: readonly string[]; readonly anchor: Anchor } | undefined {
  const anchor = (triggers[0] as SequenceTrigger | undefined)?.anchor ?? 'any';
  const texts = triggers.map((trigger) =>
    trigger.kind === 'sequence' && !trigger.plurals && (trigger.anchor ?? 'any') === anchor
      ? plainSequence(trigger.text)
      : undefined,
  );
  const same = texts.every((text, i) => {
    const action = actions[i];
    return (
      text !== undefined &&
      action !== undefined &&
      isPlainSynonym(action) &&
      action.keepOriginal !== false &&
      action.to === text
    );
  });
  if (texts.length < 2 || texts.length !== actions.length || !same) return undefined;
  return { texts: texts as string[], anchor };
}

function writePair(
  rule: Rule,
  { texts, anchor }: { readonly texts: readonly string[]; readonly anchor: Anchor },
  inputs: Map<string, InputJson>,
  items: InputJson[],
): void {
  const slash = rule.id.lastIndexOf('/');
  const [inputId, synonymId] =
    slash > 0 ? [rule.id.slice(0, slash), rule.id.slice(slash + 1)] : [rule.id, `${rule.id}.1`];
  for (const [i, text] of texts.slice(0, -1).entries()) {
    const term = quoted(text.split(' ').map(escapeQuerqy).join(' '), anchor);
    const fresh = newInput(i === 0 ? inputId : `${inputId}~${i + 1}`, term, rule);
    const key = `${term}\n${JSON.stringify(fresh.rest)}`;
    const before = inputs.get(key);
    // An input is joined only where it is the one that this pair was read from.
    const input = before?.id === fresh.id ? before : fresh;
    if (input === fresh) {
      inputs.set(key, input);
      items.push(input);
    }
    for (const [j, other] of texts.slice(i + 1).entries()) {
      const id = i + j === 0 ? synonymId : `${synonymId}.${i + 1}.${j + 1}`;
      const escaped = other.split(' ').map(escapeQuerqy).join(' ');
      input.lists.synonymRules.push({ id, synonymType: 0, term: escaped, isActive: true });
    }
  }
}

function newInput(id: string, term: string, rule: Rule): InputJson {
  const tags = [
    ...Object.entries(rule.properties ?? {}).flatMap(([property, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) =>
        tagJson(property, typeof one === 'string' ? one : JSON.stringify(one), true),
      ),
    ),
    ...(rule.tags ?? []).map((tag) => {
      const colon = tag.indexOf(':');
      return tagJson(colon < 0 ? '' : tag.slice(0, colon), tag.slice(colon + 1), false);
    }),
  ];
  const rest = { tags, isActive: rule.enabled !== false, comment: rule.comment ?? '' };
  return {
    id,
    term,
    lists: { synonymRules: [], upDownRules: [], filterRules: [], deleteRules: [], redirectRules: [] },
    rest,
  };
}

function tagJson(property: string, value: string, exported: boolean): JsonObject {
  return {
    displayValue: property === '' ? value : `${property}:${value}`,
    property,
    value,
    exported,
    predefined: false,
  };
}

function inputJson({ id, term, lists, rest }: InputJson): JsonObject {
  return { id, term, ...lists, ...rest };
}

/** @returns whether the action was written */
function addAction(
  leaving: RuleLeaving,
  { lists }: InputJson,
  action: Action,
  trigger: Trigger,
  input: QuerqyInput,
  id: string,
): boolean {
  const refuse = (why: string): boolean => {
    leaving.lose(action.do, why);
    return false;
  };
  const reads = (what: SmuiPart['what'], term: string, wanted: object): boolean => {
    const back = smuiAction({ id, active: true, what, term, value: 1 }, input);
    return typeof back !== 'string' && JSON.stringify(back) === JSON.stringify(wanted);
  };
  const odd = 'it would be read as something else';
  switch (action.do) {
    case 'synonym': {
      if (action.from !== undefined) return refuse('a synonym is for all that matched');
      if (trigger.kind === 'sequence' && action.keepOriginal !== false && plainSequence(trigger.text) === action.to)
        return false;
      const term = action.to.split(' ').map(escapeQuerqy).join(' ');
      if (!reads('synonym', term, { do: 'synonym', to: action.to })) return refuse(odd);
      if ((action.weight ?? 1) !== 1) leaving.lose('weight', 'SMUI has none');
      lists.synonymRules.push({ id, synonymType: 1, term, isActive: true });
      if (action.keepOriginal === false) {
        leaving.lose('keepOriginal', 'written as a synonym and a delete rule');
        lists.deleteRules.push({ id: `${id}.1`, term: deleteText(input), isActive: true });
      }
      return true;
    }
    case 'boost': {
      const { query, raw, factor = 1, demote } = action;
      if (!reads('up', queryTerm(action), { do: 'boost', query, ...(raw ? { raw } : {}) })) return refuse(odd);
      if (!Number.isInteger(factor))
        leaving.lose('factor', `SMUI has integers; ${factor} became ${Math.round(factor)}`);
      const boostMalusValue = Math.round(factor);
      lists.upDownRules.push({
        id,
        upDownType: demote ? 1 : 0,
        boostMalusValue,
        term: queryTerm(action),
        isActive: true,
      });
      return true;
    }
    case 'filter': {
      const { query, raw } = action;
      if (!reads('filter', queryTerm(action), { do: 'filter', query, ...(raw ? { raw } : {}) })) return refuse(odd);
      lists.filterRules.push({ id, term: queryTerm(action), isActive: true });
      return true;
    }
    case 'delete': {
      const term = action.terms === undefined ? deleteText(input) : deleteTerms(action.terms);
      const terms = action.terms ?? input.sequence.text;
      if (!reads('delete', term, { do: 'delete', terms })) return refuse('a delete rule is for terms of its input');
      if (action.terms === undefined) leaving.lose('delete', 'written with all terms of the input');
      lists.deleteRules.push({ id, term, isActive: true });
      return true;
    }
    case 'redirect':
      if (!reads('redirect', action.to, action))
        return refuse('a redirect of SMUI begins with "/", "http://" or "https://"');
      lists.redirectRules.push({ id, target: action.to, isActive: true });
      return true;
    default:
      return refuse('SMUI has nothing like it');
  }
}

function queryTerm({ query, raw }: { readonly query: string; readonly raw?: boolean }): string {
  return raw ? `* ${query}` : query;
}

/** All terms of an input, as a delete rule has them. */
function deleteText({ terms }: QuerqyInput): string {
  return terms.map(({ kind, text }) => affixed(kind, escapeQuerqy(text))).join(' ');
}

/** The terms of a sequence, as a delete rule has them. */
function deleteTerms(sequence: string): string {
  const terms = parseSequenceText(sequence);
  return typeof terms === 'string'
    ? sequence
    : terms.map(({ kind, text }) => affixed(kind, escapeQuerqy(text))).join(' ');
}

function termOf(leaving: RuleLeaving, trigger: Trigger): string | undefined {
  if (trigger.kind !== 'sequence') return leaving.lose(`trigger ${trigger.kind}`, 'inputs are terms');
  if (trigger.plurals) leaving.lose('plurals', 'inputs match terms as they are');
  const terms = parseSequenceText(trigger.text);
  if (typeof terms === 'string') return leaving.lose('trigger', terms);
  if (terms.some(({ kind }) => kind === 'placeholder')) return leaving.lose('trigger', 'inputs have no placeholders');
  const wild = terms.findIndex(({ kind }) => kind !== 'term');
  const anchor = trigger.anchor ?? 'any';
  if (terms[wild]?.kind === 'prefix' && (wild < terms.length - 1 || anchor === 'end' || anchor === 'both')) {
    return leaving.lose('trigger', 'a trailing wildcard must be at the last term, without a right boundary');
  }
  if (terms[wild]?.kind === 'suffix' && wild === 0 && (anchor === 'start' || anchor === 'both')) {
    return leaving.lose('trigger', 'a leading wildcard does not go with a left boundary');
  }
  if (wild >= 0 && trigger.wildcardMayBeEmpty)
    leaving.lose('empty wildcard', 'a wildcard stands for one letter or more');
  const term = quoted(terms.map(({ kind, text }) => affixed(kind, escapeQuerqy(text))).join(' '), anchor);
  if (reads(term, trigger.text, anchor)) return term;
  return leaving.lose('trigger', `"${trigger.text}" would be read as something else`);
}

/** Whether SMUI's term is read as this sequence: not so terms with a colon, and some with signs that mean something. */
function reads(term: string, text: string, anchor: Anchor): boolean {
  const back = parseInput(term);
  const wanted = parseSequenceText(text);
  if (typeof back === 'string' || typeof wanted === 'string') return false;
  const same = back.terms.map((one) => [one.kind, one.text, one.fields.length]);
  return (
    JSON.stringify(same) === JSON.stringify(wanted.map((one) => [one.kind, one.text, 0])) &&
    (back.sequence.anchor ?? 'any') === anchor
  );
}

function affixed(kind: string, text: string): string {
  return kind === 'suffix' ? `*${text}` : kind === 'prefix' ? `${text}*` : text;
}

function quoted(text: string, anchor: Anchor): string {
  const [left, right] = [anchor === 'start' || anchor === 'both', anchor === 'end' || anchor === 'both'];
  return `${left ? '"' : ''}${text}${right ? '"' : ''}`;
}

/** A rule that does nothing but replace its terms, as a spelling. */
function spellingOf(leaving: RuleLeaving): SmuiSpelling | undefined {
  const { id, triggers, actions, comment, enabled, properties, tags } = leaving.rule;
  const [action] = actions;
  if (actions.length !== 1 || action?.do !== 'replace' || action.from !== undefined || action.whole) return undefined;
  const alternatives = triggers.flatMap((trigger) => {
    const plain =
      trigger.kind === 'sequence' && (trigger.anchor ?? 'any') === 'any' ? parseSequenceText(trigger.text) : 'none';
    if (typeof plain === 'string' || plain.some(({ kind }) => kind === 'placeholder')) {
      leaving.lose('triggers', 'alternative spellings are terms anywhere in the query');
      return [];
    }
    const wild = plain.some(({ kind }) => kind !== 'term');
    if (wild && (triggers.length > 1 || plain.length > 1)) {
      leaving.lose('triggers', 'an alternative with a wildcard is of one term, and the only one');
      return [];
    }
    if (wild && trigger.kind === 'sequence' && !trigger.wildcardMayBeEmpty) {
      leaving.lose('wildcard', 'that of a spelling stands for no letter too');
    }
    const text = plain.map(({ kind, text: own }) => affixed(kind, own)).join(' ');
    if (text.toLowerCase() !== action.to.toLowerCase() && /^\*|\*$/.test(text) === wild) return [text];
    leaving.lose('triggers', `"${text}" is no alternative spelling of "${action.to}"`);
    return [];
  });
  if (alternatives.length === 0) return undefined;
  if (properties !== undefined || tags !== undefined) leaving.lose('properties and tags', 'spellings have none');
  return {
    id,
    term: action.to,
    active: enabled !== false,
    comment: comment ?? '',
    alternatives: alternatives.map((term, i) => ({ id: `${id}.${i + 1}`, term, active: true })),
  };
}

function spellingJson({ id, term, active, comment, alternatives }: SmuiSpelling): JsonObject {
  const alternativeSpellings = alternatives.map((one) => ({
    id: one.id,
    canonicalSpellingId: id,
    term: one.term,
    isActive: one.active,
  }));
  return { id, term, isActive: active, comment, alternativeSpellings };
}
