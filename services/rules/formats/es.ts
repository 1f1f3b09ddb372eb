/** Synonyms of Elasticsearch and OpenSearch: the synonyms API, settings of token filters, App Search. */
import { isObject, type JsonObject } from '../model/json-check.ts';
import type { RuleSource } from '../model/rule.ts';
import type { FormatInput, Imported, RuleFormat } from './shared/format.ts';
import { expected, oneOrMany, type Placed, readJson, textOf, textsOf, within } from './shared/json-file.ts';
import { RuleImport } from './shared/rule-import.ts';
import { equivalents } from './shared/synonyms.ts';
import { readSolrLine, type SolrLineOptions } from './solr/line.ts';
import { readWordnet } from './solr/wordnet.ts';

export const es: RuleFormat = {
  name: 'es',
  help: 'Elasticsearch: synonyms API, token filters of index settings, App Search synonyms',
  importOptions: [
    { name: 'expand', values: 'flag', usual: 'true', help: 'false: all terms of a list become its first' },
    { name: 'lenient', values: 'flag', usual: 'false', help: 'true: empty terms are passed over' },
  ],
  parse,
};

/** Nothing deeper is looked into for token filters. */
const MAX_DEPTH = 32;

class EsImport {
  readonly into: RuleImport;
  readonly usual: SolrLineOptions;
  readonly #ids = new Map<string, string>();

  constructor(into: RuleImport, usual: SolrLineOptions) {
    this.into = into;
    this.usual = usual;
  }

  document({ value, place }: Placed): void {
    if (Array.isArray(value)) {
      for (const [i, element] of value.entries()) this.element({ value: element, place: within(place, i) });
    } else this.element({ value, place });
  }

  /** A page, a set, a rule, settings, an answer of the API. */
  element({ value, place }: Placed): void {
    if (typeof value === 'string') {
      this.line(value, place, this.usual);
      return;
    }
    if (!isObject(value)) {
      this.into.entry(place).refuse('VALUE', expected('an object', value));
      return;
    }
    if (value['synonyms_set'] !== undefined && typeof value['synonyms_set'] !== 'string') {
      for (const rule of oneOrMany(value['synonyms_set'], within(place, 'synonyms_set'))) this.rule(rule);
    } else if (Array.isArray(value['results'])) {
      for (const [i, result] of value['results'].entries()) this.result(result, within(place, 'results', i));
    } else if (value['synonyms'] !== undefined && value['type'] === undefined) this.rule({ value, place });
    else if (this.filters(value, place, 0) === 0) {
      this.into
        .entry(place)
        .refuse('SYNTAX', 'no synonyms: expected "synonyms_set", "synonyms" or token filters of type synonym');
    }
  }

  rule({ value, place }: Placed): void {
    if (!isObject(value)) {
      this.into.entry(place).refuse('VALUE', expected('an object with "synonyms"', value));
      return;
    }
    const id = textOf(value, 'id') ?? '';
    const list = textsOf(value, 'synonyms');
    if (list !== undefined) {
      const entry = this.into.entry(place);
      if (this.#seen(id, list.join('\n'))) entry.lose('the rule', 'it stands in an earlier page');
      else if (new Set(list).size < 2) entry.refuse('VALUE', 'expected at least two synonyms');
      else entry.add({ id: id || list.join(', '), ...equivalents(list) });
      return;
    }
    const line = textOf(value, 'synonyms');
    if (line === undefined) {
      this.into
        .entry(place)
        .refuse('VALUE', expected('text of synonyms', value['synonyms']), within(place, 'synonyms'));
    } else if (this.#seen(id, line)) this.into.entry(place).lose('the rule', 'it stands in an earlier page');
    else this.line(line, place, this.usual, id);
  }

  line(line: string, place: RuleSource, options: SolrLineOptions, id = ''): void {
    const entry = this.into.entry(place);
    if (line.startsWith('#')) {
      entry.warn('NEVER_FIRES', 'it begins with "#": Elasticsearch takes it for a comment');
      entry.lose('the rule', 'a comment');
    } else if (line.trim() === '') entry.refuse('VALUE', 'an empty text');
    else readSolrLine(entry, line, options, id);
  }

  result(value: unknown, place: RuleSource): void {
    if (isObject(value) && typeof value['synonyms_set'] === 'string' && value['synonyms'] === undefined) {
      const entry = this.into.entry(place);
      entry.refuse('MISSING', `only the name of the set "${value['synonyms_set']}": export the set itself`);
    } else this.rule({ value, place });
  }

  /** Reads token filters wherever they stand. @returns how many there were */
  filters(value: JsonObject, place: RuleSource, depth: number): number {
    let found = 0;
    for (const [name, member] of Object.entries(value)) {
      if (!isObject(member) || depth > MAX_DEPTH) continue;
      const where = within(place, name);
      if (member['type'] === 'synonym' || member['type'] === 'synonym_graph') {
        this.filter(member, where);
        found++;
      } else found += this.filters(member, where, depth + 1);
    }
    return found;
  }

  filter(filter: JsonObject, place: RuleSource): void {
    for (const elsewhere of ['synonyms_path', 'synonyms_set']) {
      const name = textOf(filter, elsewhere);
      if (name === undefined) continue;
      const entry = this.into.entry(within(place, elsewhere));
      entry.warn('MISSING', `the synonyms are elsewhere, in "${name}": import that too`);
      entry.lose('the filter', 'its synonyms are elsewhere');
    }
    const synonyms = filter['synonyms'];
    if (synonyms === undefined) return;
    const path = within(place, 'synonyms');
    const options = {
      expand: settingOf(filter['expand'], this.usual.expand),
      lenient: settingOf(filter['lenient'] ?? filter['updateable'], this.usual.lenient),
    };
    const lines = oneOrMany(synonyms, path);
    if (filter['format'] === 'wordnet') {
      readWordnet(
        this.into,
        lines.map(({ value }) => String(value)),
        options.expand,
      );
      return;
    }
    for (const { value, place: where } of lines) {
      if (typeof value === 'string') this.line(value, where, options);
      else this.into.entry(where).refuse('VALUE', expected('text', value));
    }
  }

  /** Whether a rule of this id and content was read before. */
  #seen(id: string, content: string): boolean {
    if (id === '') return false;
    if (this.#ids.get(id) === content) return true;
    this.#ids.set(id, content);
    return false;
  }
}

function parse({ bytes, file, options }: FormatInput): Imported {
  const into = new RuleImport('es', file);
  const reader = new EsImport(into, { expand: options.flag('expand'), lenient: options.flag('lenient') });
  for (const document of readJson(bytes, into)) reader.document(document);
  return into.finish({ selection: 'longest' });
}

/** A setting, which answers of Elasticsearch give as text. */
function settingOf(value: unknown, usual: boolean): boolean {
  return value === undefined ? usual : value === true || value === 'true';
}
