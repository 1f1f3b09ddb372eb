/** Querqy's replace rules (`replace-rules.txt`) and its rules of regular expressions. */
import type { Action, RuleSource, Trigger } from '../../model/rule.ts';
import { escapeSequence } from '../../model/sequence-text.ts';
import type { FormatInput, Imported, RuleFormat } from '../shared/format.ts';
import { readText } from '../shared/json-file.ts';
import { type RuleEntry, RuleImport } from '../shared/rule-import.ts';
import { querqyText } from './envelope.ts';

/** Suffix rules act on what exact ones leave, prefix rules on what those leave. */
const PRIORITIES = { term: 0, suffix: 1, prefix: 2 } as const;

export const querqyReplace: RuleFormat = {
  name: 'querqy-replace',
  help: "Querqy's replace rules (replace-rules.txt); with --option regex=true its rules of regular expressions",
  importOptions: [
    { name: 'inputDelimiter', values: 'text', usual: '', help: 'text between inputs; usually a tab or a semicolon' },
    { name: 'regex', values: 'flag', usual: 'false', help: 'true: inputs are regular expressions' },
  ],
  parse,
};

/** One input of a rule. */
interface ReplaceInput {
  readonly kind: 'term' | 'suffix' | 'prefix';
  readonly text: string;
}

function parse({ bytes, file, options }: FormatInput): Imported {
  const into = new RuleImport('querqy-replace', file);
  const { lines, config, place } = querqyText(readText(bytes, into) ?? '');
  if (config['ignoreCase'] === false) into.warn('DIFFERENT', place, 'ignoreCase is false: here case never matters');
  const configured = config['inputDelimiter'];
  const delimiter = options.text('inputDelimiter') || (typeof configured === 'string' ? configured : '');
  if (options.flag('regex')) {
    for (const [i, raw] of lines.entries()) {
      const line = raw.replace(/#.*$/s, '').trim();
      if (line !== '') readRegex(into.entry({ ...place, line: i + 1 }), line);
    }
  } else readReplaceLines(into, lines, delimiter === '' ? /[\t;]/ : delimiter, place);
  return into.finish({ selection: 'longest' });
}

/** Reads lines of replace rules. @param delimiter between inputs */
export function readReplaceLines(
  into: RuleImport,
  lines: readonly string[],
  delimiter: RegExp | string,
  place: RuleSource = {},
): void {
  const seen = new Map<string, number>();
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim();
    if (line !== '' && !line.startsWith('#')) readReplace(into.entry({ ...place, line: i + 1 }), line, delimiter, seen);
  }
}

function readReplace(entry: RuleEntry, line: string, delimiter: RegExp | string, seen: Map<string, number>): undefined {
  const sides = line.split('=>');
  while (sides.length > 1 && sides.at(-1) === '') sides.pop();
  if (!line.includes('=>')) return entry.refuse('SYNTAX', 'expected "from => to", found no "=>"');
  if (sides.length > 2) return entry.refuse('SYNTAX', `expected one "=>", found ${sides.length - 1}`);
  const left = (sides[0] ?? '')
    .split(delimiter)
    .map((input) => input.trim())
    .filter((input) => input !== '');
  if (left.length === 0) return entry.refuse('SYNTAX', 'expected terms before "=>", found none');
  const inputs = left.map((text) => inputOf(entry, text, left.length > 1));
  const to = words(sides[1] ?? '').join(' ');
  for (const input of inputs) {
    if (input === undefined) continue;
    const key = `${input.kind} ${input.text.toLowerCase()}`;
    const before = seen.get(key);
    if (before !== undefined) entry.refuse('DUPLICATE', `the input "${input.text}" stands on line ${before} too`);
    else seen.set(key, entry.source.line ?? 0);
  }
  if (entry.refused) return undefined;
  const all = inputs.filter((input) => input !== undefined);
  if (to.includes('$1') && all.every(({ kind }) => kind === 'term')) {
    entry.warn('SUSPECT', 'a placeholder $1 without a wildcard in the input');
  }
  const priority = Math.max(...all.map(({ kind }) => PRIORITIES[kind]));
  const action: Action = to === '' ? { do: 'delete' } : { do: 'replace', to };
  entry.add({ id: line, triggers: all.map(triggerOf), actions: [action], ...(priority === 0 ? {} : { priority }) });
}

function inputOf(entry: RuleEntry, text: string, several: boolean): ReplaceInput | undefined {
  const [starts, ends] = [text.startsWith('*'), text.endsWith('*')];
  const terms = text.split(/\s+/);
  const wild = (word: string) => /^[+-]?\*$|^[+-]\*/.test(word) || (terms.length > 1 && word.endsWith('*'));
  if (text !== '*' && terms.some(wild)) {
    return entry.refuse('SYNTAX', `expected the wildcard "*" at the border of the only term, found "${text}"`);
  }
  const inner = words(text.slice(starts ? 1 : 0, ends && text.length > 1 ? -1 : undefined));
  if (!starts && !ends) {
    return inner.length === 0
      ? entry.refuse('SYNTAX', 'expected terms before "=>"')
      : { kind: 'term', text: inner.join(' ') };
  }
  if (text === '*' || inner.length === 0) return entry.refuse('SYNTAX', 'expected letters beside the wildcard "*"');
  if (starts && ends) return entry.refuse('SYNTAX', `expected one wildcard, found "${text}"`);
  if (several) return entry.refuse('SYNTAX', 'a wildcard in a line of several inputs; write a line for it alone');
  if (inner.length > 1) return entry.refuse('SYNTAX', `expected one term beside a wildcard, found "${text}"`);
  return { kind: starts ? 'suffix' : 'prefix', text: inner[0] ?? '' };
}

/** Terms between white space; a sign `+` or `-` before a term is an operator of the query parser, and eaten. */
function words(text: string): string[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => (/^[+-]./.test(word) ? word.slice(1) : word))
    .filter((word) => word !== '');
}

function triggerOf({ kind, text }: ReplaceInput): Trigger {
  const letters = escapeSequence(text);
  if (kind === 'term') return { kind: 'sequence', text: letters };
  return { kind: 'sequence', text: kind === 'suffix' ? `*${letters}` : `${letters}*`, wildcardMayBeEmpty: true };
}

function readRegex(entry: RuleEntry, line: string): undefined {
  const sides = line.split('=>').map((side) => side.trim());
  const [pattern = '', to = ''] = sides;
  if (sides.length !== 2 || pattern === '' || to === '') {
    return entry.refuse('SYNTAX', 'expected "pattern => text", with something on both sides');
  }
  if (/\[[^\]]*&&/.test(pattern)) {
    entry.lose('the rule', 'an intersection "&&" of classes, which RE2 does not have');
    return undefined;
  }
  if (/\$\{\d+\}\d|\$\{\d\d/.test(to)) {
    entry.lose('the rule', 'a group before a digit, or the tenth and later');
    return undefined;
  }
  const wrong = regexProblem(pattern);
  if (wrong !== undefined) return entry.refuse('SYNTAX', wrong);
  entry.add({
    id: line,
    triggers: [{ kind: 'regex', pattern }],
    actions: [{ do: 'replace', to: to.replace(/\$\{(\d)\}/g, '$$$1') }],
  });
}

function regexProblem(pattern: string): string | undefined {
  if (/\(\?|\\[1-9bB]|(?<!\\)\^(?<!\[\^)|(?<!\\)\$$/.test(pattern))
    return 'anchors, look-around and back references are not in the dialect';
  try {
    new RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    return `no regular expression: ${error instanceof Error ? error.message : error}`;
  }
}
