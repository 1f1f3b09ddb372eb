/** Solr's synonyms: synonyms.txt, WordNet's Prolog lines, managed synonyms. */
import type { FormatInput, Imported, RuleFormat } from '../shared/format.ts';
import { parseJson, readText } from '../shared/json-file.ts';
import { RuleImport } from '../shared/rule-import.ts';
import { linesOf } from '../shared/text.ts';
import { readSolrLine } from './line.ts';
import { readManaged } from './managed.ts';
import { isWordnet, readWordnet } from './wordnet.ts';
import { writeSolr } from './write.ts';

export const solr: RuleFormat = {
  name: 'solr',
  help: "Solr's synonyms.txt (also of Elasticsearch), managed synonyms, WordNet's Prolog lines",
  importOptions: [
    {
      name: 'variant',
      values: ['auto', 'solr', 'managed', 'wordnet'],
      usual: 'auto',
      help: 'lines, JSON of managed synonyms, or s(...) lines; auto looks at the file',
    },
    { name: 'expand', values: 'flag', usual: 'true', help: 'false: all terms of a list become its first' },
    { name: 'lenient', values: 'flag', usual: 'false', help: 'true: empty terms are passed over' },
  ],
  parse,
  exportOptions: [],
  write: writeSolr,
};

function parse({ bytes, file, options }: FormatInput): Imported {
  const into = new RuleImport('solr', file);
  const text = readText(bytes, into) ?? '';
  const lines = linesOf(text);
  const variant = options.text('variant') === 'auto' ? variantOf(text, lines) : options.text('variant');
  if (variant === 'managed') for (const document of parseJson(text, into)) readManaged(into, document);
  else if (variant === 'wordnet') readWordnet(into, lines, options.flag('expand'));
  else {
    const how = { expand: options.flag('expand'), lenient: options.flag('lenient') };
    for (const [i, line] of lines.entries()) {
      if (line === '' || line.startsWith('#')) continue;
      readSolrLine(into.entry({ line: i + 1 }), line, how);
    }
  }
  return into.finish({ selection: 'longest' });
}

function variantOf(text: string, lines: readonly string[]): string {
  if (/^\s*[[{]/.test(text)) {
    try {
      JSON.parse(text);
      return 'managed';
    } catch {
      // Lines may begin with a brace too.
    }
  }
  return isWordnet(lines) ? 'wordnet' : 'solr';
}
