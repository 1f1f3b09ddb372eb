/**
 * Rules as people write them: UTF-8, one rule a line, `#` before a comment, blank lines ignored; docs/rules.md has examples.
 */
import { encodeUtf8, isUtf8 } from '../../stores/bytes/utf8.ts';
import {
  ANY,
  BLOCKS_SOURCES,
  BLOCKS_TARGETS,
  blockedKey,
  LONGEST_BLOCKED_SHIFT,
  MAX_RULE_BYTES,
  overrideKey,
  type RuleCollection,
  termsOf,
} from './collections.ts';
import { type LineProblem, RuleError } from './errors.ts';
import { parseStanding } from './vocabulary.ts';

/** Terms of a protected, rude or polite phrase: the pipeline looks that far ahead at every term of every query. */
export const MAX_PHRASE_TERMS = 16;
/** Most bytes of an override's replacement: as many as a query may have. */
const MAX_TARGET_BYTES = 16 * 1024;

/** A rule for the store: its key, and for an override what the query becomes. */
export interface RuleEntry {
  readonly key: Uint8Array;
  readonly value: string;
}

/** What a rules file holds, ready for the store. */
export interface ParsedRules {
  readonly entries: readonly RuleEntry[];
  /** The collection's `detail`: longest phrase of `protected`, `rude` and `polite`; flags and longest side of `blocked`. */
  readonly detail: number;
  /** Lines that said again what an earlier one had said. */
  readonly duplicates: number;
}

/** One rule: its key and, for an override, what the query becomes. `detail` is merged over all rules. */
interface Rule {
  readonly key: string;
  readonly to: string;
  readonly detail: number;
}

/**
 * Reads a rules file for one collection.
 *
 * @param name the file's name, for messages
 * @throws {RuleError} `RULES_SYNTAX` with every line that is wrong
 */
export function parseRules(bytes: Uint8Array, collection: RuleCollection, name: string): ParsedRules {
  const problems: LineProblem[] = [];
  const rules = new Map<string, { readonly to: string; readonly line: number }>();
  let detail = 0;
  let duplicates = 0;
  let line = 0;
  for (const text of linesOf(bytes)) {
    line++;
    try {
      const rule =
        text === undefined ? wrong('this is not UTF-8; save the file as UTF-8') : parseLine(text, collection);
      if (rule === undefined) continue;
      const before = rules.get(rule.key);
      if (before !== undefined && before.to !== rule.to) {
        wrong(
          `${collection === 'overrides' ? 'this query has another override' : 'this term stands'} on line ${before.line}; keep only one`,
        );
      }
      if (before !== undefined) duplicates++;
      else rules.set(rule.key, { to: rule.to, line });
      detail = mergedDetail(collection, detail, rule.detail);
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      problems.push({ line, message: error.message });
    }
  }
  const first = problems[0];
  if (first !== undefined) {
    const more = problems.length === 1 ? '' : `, and ${problems.length - 1} more`;
    throw new RuleError('RULES_SYNTAX', `${name}:${first.line}: ${first.message}${more}`, problems);
  }
  const entries = [...rules].map(([key, { to }]) => ({ key: encodeUtf8(key), value: to }));
  return { entries, detail, duplicates };
}

/** The line that `parseRules` reads back as the rule under `key`, for a collection's export. */
export function formatRule(collection: RuleCollection, key: string, to: string): string {
  if (collection === 'protected' || collection === 'rude' || collection === 'polite') return key;
  if (collection === 'vocabulary') return to === '' ? key : `${key} => ${to}`;
  if (collection === 'overrides') return `${key.startsWith('#') ? '\\' : ''}${key} => ${to}`;
  return key.replace('\t', ' => ');
}

/** The lines of a file as text, undefined where they are not UTF-8; a byte-order mark and carriage returns left out. */
function* linesOf(bytes: Uint8Array): Generator<string | undefined> {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const decoder = new TextDecoder();
  for (let from = start; from < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, from);
    const end = newline < 0 ? bytes.length : newline;
    const line = bytes.subarray(from, end);
    yield isUtf8(line) ? decoder.decode(line) : undefined;
    from = end + 1;
  }
}

function parseLine(line: string, collection: RuleCollection): Rule | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const [from = '', to, ...more] = (text.startsWith('\\#') ? text.slice(1) : text)
    .split('=>')
    .map((side) => side.trim());
  if (more.length > 0) return wrong('two arrows; write one rule "from => to" on each line');
  switch (collection) {
    case 'protected':
      return phraseRule(from, to, 'protected');
    case 'rude':
    case 'polite':
      return phraseRule(from, to, collection);
    case 'blocked':
      return to === undefined ? blockedRule(ANY, from) : blockedRule(from, to);
    case 'overrides':
      return overrideRule(from, to);
    case 'vocabulary':
      return vocabularyRule(from, to);
  }
}

/** The `detail` of a collection that holds what two of them were of. */
export function mergedDetail(collection: RuleCollection, a: number, b: number): number {
  return collection === 'blocked' ? mergedBlocked(a, b) : Math.max(a, b);
}

/** The flags of both, and the longer of their longest sides. */
function mergedBlocked(a: number, b: number): number {
  const flags = (a | b) & (BLOCKS_TARGETS | BLOCKS_SOURCES);
  return flags | (Math.max(a >> LONGEST_BLOCKED_SHIFT, b >> LONGEST_BLOCKED_SHIFT) << LONGEST_BLOCKED_SHIFT);
}

function phraseRule(term: string, to: string | undefined, what: 'protected' | 'rude' | 'polite'): Rule {
  if (to !== undefined) return wrong(`a ${what} term has no arrow; write one term or phrase on each line`);
  const key = terms(term, 'the line');
  const count = key.split(' ').length;
  if (count > MAX_PHRASE_TERMS) {
    return wrong(`a phrase of ${count} terms; at most ${MAX_PHRASE_TERMS}`);
  }
  return { key, to: '', detail: count };
}

function blockedRule(from: string, to: string): Rule {
  if (from === ANY && to === ANY)
    return wrong('"* => *" would block every correction; switch the worker "spell" off instead');
  const fromTerms = from === ANY ? ANY : terms(from, 'the text before the arrow');
  const toTerms = to === ANY ? ANY : terms(to, 'the text after the arrow');
  const longest = Math.max(fromTerms.split(' ').length, toTerms.split(' ').length);
  const flags = (from === ANY ? BLOCKS_TARGETS : 0) | (to === ANY ? BLOCKS_SOURCES : 0);
  const detail = flags | (longest << LONGEST_BLOCKED_SHIFT);
  return { key: checkedKey(blockedKey(fromTerms, toTerms)), to: '', detail };
}

function overrideRule(from: string, to: string | undefined): Rule {
  if (to === undefined || to === '') return wrong('no target; write "the whole query => what it becomes"');
  if (/\p{Cc}/u.test(to)) return wrong('a control character in the text after the arrow; remove it');
  const bytes = Buffer.byteLength(to);
  if (bytes > MAX_TARGET_BYTES) return wrong(`a target of ${bytes} bytes; at most ${MAX_TARGET_BYTES}`);
  const key = checkedKey(overrideKey(from));
  if (key === '') return wrong('nothing before the arrow; write "the whole query => what it becomes"');
  return { key, to, detail: 0 };
}

function vocabularyRule(from: string, to = ''): Rule {
  const key = terms(from, 'the line');
  if (key.includes(' ')) return wrong(`"${key}" is several terms; write one on each line`);
  const standing = to.split(/\s+/).filter(Boolean).join(' ').toLowerCase();
  if (parseStanding(standing) === undefined) {
    return wrong('after the arrow: "out", or occurrences in a million words, "name", or both');
  }
  return { key, to: standing, detail: 0 };
}

function terms(text: string, what: string): string {
  const key = termsOf(text);
  if (key === '') return wrong(`no letter or digit in ${what}`);
  return checkedKey(key);
}

function checkedKey(key: string): string {
  const bytes = Buffer.byteLength(key);
  return bytes <= MAX_RULE_BYTES ? key : wrong(`a rule of ${bytes} bytes; at most ${MAX_RULE_BYTES}`);
}

/** Leaves the line at hand with what is wrong with it. */
class LineError extends Error {}

function wrong(message: string): never {
  throw new LineError(message);
}
