/** WordNet's Prolog lines `s(103000000,1,'lamp',n,1,0).`, by which Solr and Elasticsearch read synonyms with `format: wordnet`. */
import type { RuleImport } from '../shared/rule-import.ts';
import { equivalents, squeeze, synonym, wordsTrigger } from '../shared/synonyms.ts';

const LINE = /^s\((\d{9}),\d+,'((?:[^']|'')*)',.*\)\.\s*$/;

/** Whether a text looks like such lines. */
export function isWordnet(lines: readonly string[]): boolean {
  return /^s\(\d{9},/.test(lines.find((line) => line.trim() !== '') ?? '');
}

/** Reads lines; lines of one synset stand together. */
export function readWordnet(into: RuleImport, lines: readonly string[], expand: boolean): void {
  let set = '';
  let terms: string[] = [];
  let first = 0;
  const end = () => {
    if (terms.length > 0) addSynset(into, set, terms, first, expand);
    terms = [];
  };
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const [, id, quoted] = LINE.exec(line) ?? [];
    if (id === undefined || quoted === undefined) {
      into.entry({ line: i + 1 }).refuse('SYNTAX', `expected a line like s(103000000,1,'lamp',n,1,0).`);
      continue;
    }
    if (id !== set) {
      end();
      set = id;
      first = i + 1;
    }
    terms.push(squeeze(quoted.replaceAll("''", "'")));
  }
  end();
}

function addSynset(into: RuleImport, id: string, terms: readonly string[], line: number, expand: boolean): void {
  const entry = into.entry({ line });
  const distinct = [...new Set(terms.filter((term) => term !== ''))];
  const [first] = distinct;
  if (first === undefined || distinct.length === 1) {
    entry.lose('the synset', 'it has one word alone');
    return;
  }
  entry.add(
    expand
      ? { id, ...equivalents(distinct) }
      : { id, triggers: distinct.map((term) => wordsTrigger(term)), actions: [synonym(first, false)] },
  );
}
