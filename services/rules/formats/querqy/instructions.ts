/** Instructions of Querqy's common rules, as actions. */
import type { Action, QueryPart } from '../../model/rule.ts';
import type { QuerqyInput } from './input.ts';
import { parseQuerqyTerm, sequenceOf } from './terms.ts';

const PATTERN = /^([A-Za-z]+)\s*(?:\(\s*([\w.-]+)\s*\)\s*)?(?::\s*(.*))?$/s;
const NAMES = ['SYNONYM', 'UP', 'DOWN', 'FILTER', 'DELETE', 'DECORATE', 'REPLACE'];
const PHRASE = /^"[^"]+"(?:~\d+)?$/;

/** An instruction read: its action, and what of it is lost. */
export interface ReadInstruction {
  readonly action: Action;
  readonly lost: readonly { readonly what: string; readonly why: string }[];
}

/** Whether a line looks like an instruction with a value. */
export function looksLikeInstruction(line: string): boolean {
  const name = /^([A-Za-z]+)\s*(?:\([^)]*\))?\s*:/.exec(line)?.[1]?.toUpperCase();
  return name !== undefined && NAMES.includes(name);
}

/** Reads an instruction, or says what is wrong. @param input undefined where the input is boolean */
export function parseInstruction(line: string, input: QuerqyInput | undefined): ReadInstruction | string {
  const [, word = '', param, text] = PATTERN.exec(line) ?? [];
  const name = word.toUpperCase();
  if (!NAMES.includes(name)) {
    const arrow = line.includes('=>')
      ? '; what follows "=>" is written as instructions, each on a line of its own'
      : '';
    return `expected an instruction (${NAMES.slice(0, -1).join(', ')}), found ${JSON.stringify(line)}${arrow}`;
  }
  const value = text?.trim() || undefined;
  if (input === undefined && (name === 'SYNONYM' || name === 'DELETE'))
    return `${name} does not go with a boolean input`;
  if (param !== undefined && (name === 'FILTER' || name === 'DELETE')) return `${name} takes nothing in parentheses`;
  switch (name) {
    case 'SYNONYM':
      return synonymOf(param, value);
    case 'UP':
    case 'DOWN':
      return boostOf(name, param, value);
    case 'FILTER': {
      const part = queryOf(name, value);
      return typeof part === 'string' ? part : { action: { do: 'filter', ...part }, lost: [] };
    }
    case 'DELETE':
      return deleteOf(value, input as QuerqyInput);
    case 'DECORATE':
      if (value === undefined) return 'DECORATE needs a value';
      return { action: { do: 'decorate', value, ...(param === undefined ? {} : { key: param }) }, lost: [] };
    default:
      return 'REPLACE is not implemented by Querqy; see --format querqy-replace';
  }
}

function synonymOf(param: string | undefined, value: string | undefined): ReadInstruction | string {
  const weight = numberOf('SYNONYM', param);
  if (typeof weight === 'string') return weight;
  if (value === undefined) return 'SYNONYM needs terms';
  const words: string[] = [];
  let fields = false;
  for (const raw of value.split(/\s+/)) {
    const term = parseQuerqyTerm(raw);
    if (typeof term === 'string') return term;
    if (term.text === '' || raw === '\\' || raw.endsWith(':')) return `expected a term, found "${raw}"`;
    const references = term.text.match(/\$\d+/g) ?? [];
    if (references.length > 1) return `expected at most one placeholder in a term, found "${raw}"`;
    fields ||= term.fields.length > 0;
    words.push(term.kind === 'prefix' ? `${term.text}*` : term.kind === 'suffix' ? `*${term.text}` : term.text);
  }
  return {
    action: { do: 'synonym', to: words.join(' '), ...(weight === 1 ? {} : { weight }) },
    lost: fields ? [{ what: 'field names of SYNONYM', why: 'a synonym is of the query, not of a field' }] : [],
  };
}

function boostOf(name: 'UP' | 'DOWN', param: string | undefined, value: string | undefined): ReadInstruction | string {
  const factor = numberOf(name, param);
  if (typeof factor === 'string') return factor;
  const part = queryOf(name, value);
  if (typeof part === 'string') return part;
  const more = { ...(factor === 1 ? {} : { factor }), ...(name === 'DOWN' ? { demote: true } : {}) };
  return { action: { do: 'boost', ...part, ...more }, lost: [] };
}

function deleteOf(value: string | undefined, input: QuerqyInput): ReadInstruction | string {
  if (value === undefined) return { action: { do: 'delete' }, lost: [] };
  const words: string[] = [];
  for (const raw of value.split(/\s+/)) {
    const term = parseQuerqyTerm(raw);
    if (typeof term === 'string') return term;
    const same = input.terms.some(
      ({ kind, text, fields }) =>
        kind === term.kind &&
        text.toLowerCase() === term.text.toLowerCase() &&
        (term.fields.length === 0 || term.fields.some((field) => fields.includes(field))),
    );
    if (!same) return `DELETE: expected a term of the input, found "${raw}"`;
    words.push(sequenceOf(term));
  }
  return { action: { do: 'delete', terms: words.join(' ') }, lost: [] };
}

/** A query: `* raw`, a phrase with slop, or terms with `+` and `-`. */
export function queryOf(name: string, value: string | undefined): QueryPart | string {
  if (value === undefined) return `${name} needs a query`;
  if (value.startsWith('*')) {
    const query = value.slice(1).trim();
    if (query === '') return `${name}: expected a query after "*"`;
    if (query.split('%%').length % 2 === 0) return `${name}: expected parameters between two "%%"`;
    return { query, raw: true };
  }
  if (value.startsWith('"') && !PHRASE.test(value))
    return `${name}: expected a phrase like "two words"~2, found ${value}`;
  return { query: value };
}

function numberOf(name: string, param: string | undefined): number | string {
  if (param === undefined) return 1;
  const value = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE]-?\d+)?$/.test(param) ? Number(param) : Number.NaN;
  return value >= 0 ? value : `${name}: expected a number of at least 0 in parentheses, found "${param}"`;
}
