/** What `aspell -a` says of the words of a line, and what a query becomes by it. */
import { isPlainWord } from './plain-words.ts';

/** A word that aspell does not know and the first of what it offers; undefined where it has nothing to offer. */
export interface UnknownWord {
  readonly word: string;
  readonly best: string | undefined;
}

/** One line of an answer: `& word count offset: one, two` or `# word offset`; undefined for the others. */
export function parseAnswer(line: string): UnknownWord | undefined {
  const offered = /^& (\S+) \d+ \d+: (.*)$/.exec(line);
  if (offered !== null) return { word: offered[1] ?? '', best: offered[2]?.split(', ', 1)[0] };
  const unknown = /^# (\S+) \d+$/.exec(line);
  return unknown === null ? undefined : { word: unknown[1] ?? '', best: undefined };
}

/**
 * The query with every unknown word among its plain ones replaced by what aspell offers first.
 *
 * @param ask sends a line to aspell and gives the lines of its answer, without the blank one
 */
export async function correctTokens(query: string, ask: (line: string) => Promise<string[]>): Promise<string> {
  const tokens = query.split(/\s+/u).filter((token) => token !== '');
  const plain = tokens.flatMap((token, i) => (isPlainWord(token) ? [i] : []));
  if (plain.length === 0) return tokens.join(' ');
  const said = await ask(plain.map((i) => tokens[i]).join(' '));
  let at = 0;
  for (const line of said) {
    const found = parseAnswer(line);
    if (found === undefined) continue;
    // In the order of the line; aspell may take a part of a token for the word.
    while (at < plain.length && tokens[plain[at] ?? 0]?.includes(found.word) === false) at++;
    const i = plain[at];
    if (i === undefined) break;
    if (found.best !== undefined) tokens[i] = tokens[i]?.replace(found.word, () => found.best ?? '') ?? '';
    at++;
  }
  return tokens.join(' ');
}
