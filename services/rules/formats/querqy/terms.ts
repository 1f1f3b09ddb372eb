/** Terms of Querqy's rules: escapes, wildcards, field names. */
import { escapeSequence } from '../../model/sequence-text.ts';

/** A term as a rule has it. */
export interface QuerqyTerm {
  readonly kind: 'term' | 'prefix' | 'suffix';
  /** Without escapes, wildcard and field names. */
  readonly text: string;
  /** Empty where it has none. */
  readonly fields: readonly string[];
}

/** Reads one term, or says what is wrong. */
export function parseQuerqyTerm(raw: string): QuerqyTerm | string {
  if (raw.length === 1)
    return raw === '*' ? 'expected letters beside the wildcard "*"' : { kind: 'term', text: raw, fields: [] };
  const colon = raw.indexOf(':');
  const hasFields = colon > 0 && colon < raw.length - 1;
  const fields = hasFields ? fieldsOf(raw.slice(0, colon)) : [];
  const rest = hasFields ? raw.slice(colon + 1) : raw;
  if (rest === '*') return 'expected letters beside the wildcard "*"';
  const [kind, inner] = rest.startsWith('*')
    ? (['suffix', rest.slice(1)] as const)
    : endsWithUnescaped(rest, '*')
      ? (['prefix', rest.slice(0, -1)] as const)
      : (['term', rest] as const);
  const text = unescapeQuerqy(inner);
  return text === undefined ? `an unknown escape in "${raw}"; expected \\\\, \\*, \\" or \\#` : { kind, text, fields };
}

/** Without `\\`, `\*`, `\"`, `\#`; undefined where another sign is escaped. A lone backslash at the end is dropped, as Querqy does. */
export function unescapeQuerqy(text: string): string | undefined {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '\\') out += text[i];
    else if (i + 1 < text.length) {
      const next = text[++i] as string;
      if (!'\\*"#'.includes(next)) return undefined;
      out += next;
    }
  }
  return out;
}

/** A term's text with the signs that mean something escaped. */
export function escapeQuerqy(text: string): string {
  return text.replace(/[\\*"#]/g, '\\$&');
}

/** A term as the text of a sequence. */
export function sequenceOf({ kind, text }: QuerqyTerm): string {
  const letters = escapeSequence(text);
  return kind === 'suffix' ? `*${letters}` : kind === 'prefix' ? `${letters}*` : letters;
}

/** Whether a text ends in this sign, not behind a backslash. */
export function endsWithUnescaped(text: string, sign: string): boolean {
  return text.endsWith(sign) && text.at(-2) !== '\\';
}

/** Where a sign stands that is not escaped; -1 for nowhere. */
export function indexOfUnescaped(text: string, sign: string, from = 0): number {
  let escaped = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === sign && !escaped && i >= from) return i;
    escaped = text[i] === '\\' && !escaped;
  }
  return -1;
}

function fieldsOf(text: string): string[] {
  const names = text.length > 1 && text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1).split(',') : [text];
  return names.map((name) => name.trim()).filter((name) => name !== '');
}
