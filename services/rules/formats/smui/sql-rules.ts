/** SMUI's tables in a SQL dump. */
import type { RuleEntry, RuleImport } from '../shared/rule-import.ts';
import { addInput, addSpelling, spellingConflicts } from './build.ts';
import type { SmuiInput, SmuiPart, SmuiSpelling, SmuiTag } from './model.ts';
import { readSql, type SqlRow, type SqlTable } from './sql.ts';
import { readSqlite } from './sqlite.ts';

const RULE_COLUMNS = ['id', 'term', 'search_input_id', 'last_update', 'status'];

/** Columns of each table that says something of rules, in their order. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  solr_index: ['id', 'name', 'description', 'last_update'],
  search_input: ['id', 'term', 'solr_index_id', 'last_update', 'status', 'comment'],
  synonym_rule: ['id', 'synonym_type', ...RULE_COLUMNS.slice(1)],
  up_down_rule: ['id', 'up_down_type', 'boost_malus_value', ...RULE_COLUMNS.slice(1)],
  filter_rule: RULE_COLUMNS,
  delete_rule: RULE_COLUMNS,
  redirect_rule: ['id', 'target', ...RULE_COLUMNS.slice(2)],
  input_tag: ['id', 'solr_index_id', 'property', 'tag_value', 'exported', 'predefined', 'last_update'],
  tag_2_input: ['tag_id', 'input_id', 'last_update'],
  canonical_spelling: ['id', 'solr_index_id', 'term', 'status', 'comment', 'last_update'],
  alternative_spelling: ['id', 'canonical_spelling_id', 'term', 'status', 'last_update'],
};

/** Whether a text is such a dump. */
export function isSmuiDump(text: string): boolean {
  return /(?:INSERT\s+INTO|COPY|CREATE\s+TABLE)[^(;]{0,80}\b(?:search_input|canonical_spelling|solr_index)\b/i.test(
    text,
  );
}

/** Reads the inputs and spellings of an index, or of all where `index` is empty. */
export function readSmuiDump(into: RuleImport, text: string, index: string): void {
  const { tables, problems } = readSql(text, COLUMNS);
  for (const { line, message } of problems) into.error('SYNTAX', { line }, message);
  addTables(into, tables, index);
}

/** Reads a SQLite file, as a dump. */
export function readSmuiSqlite(into: RuleImport, bytes: Uint8Array, index: string): void {
  const { tables, problems } = readSqlite(bytes, Object.keys(COLUMNS));
  for (const { message } of problems) into.error('ENCODING', {}, message);
  addTables(into, tables, index);
}

/** Adds what tables hold, however they were read. */
function addTables(into: RuleImport, tables: ReadonlyMap<string, SqlTable>, index: string): void {
  const rows = (name: string) => tables.get(name)?.rows ?? [];
  const indexes = rows('solr_index').filter(({ row }) => index === '' || row['name'] === index || row['id'] === index);
  if (index !== '' && indexes.length === 0) {
    const names = rows('solr_index').map(({ row }) => row['name']);
    into.error('MISSING', {}, `no index "${index}"; the dump has ${names.join(', ') || 'none'}`);
    return;
  }
  if (indexes.length > 1) {
    const names = indexes.map(({ row }) => row['name']).join(', ');
    into.warn('DIFFERENT', {}, `rules of several indexes together (${names}); choose one with --option index=NAME`);
  }
  const wanted = new Set(indexes.map(({ row }) => row['id']));
  const here = ({ row }: { readonly row: SqlRow }) => index === '' || wanted.has(row['solr_index_id'] ?? null);
  const parts = partsByInput(rows);
  const tags = tagsByInput(rows);
  for (const { row, line } of rows('search_input').filter(here)) {
    const entry = into.entry(line === 0 ? { pointer: `/search_input/${row['id']}` } : { line });
    const id = row['id'] ?? '';
    const input: SmuiInput = { ...named(row), parts: parts.get(id) ?? [], tags: tags.get(id) ?? [] };
    addInput(entry, input);
  }
  addSpellings(into, rows('canonical_spelling').filter(here), rows('alternative_spelling'));
}

function addSpellings(into: RuleImport, canonical: SqlTable['rows'], alternatives: SqlTable['rows']): void {
  const spellings: { readonly spelling: SmuiSpelling; readonly entry: RuleEntry }[] = canonical.map(({ row, line }) => {
    const own = alternatives.filter(({ row: one }) => one['canonical_spelling_id'] === row['id']);
    const list = own.map(({ row: one }) => ({ id: one['id'] ?? '', term: one['term'] ?? '', active: isActive(one) }));
    return {
      spelling: { ...named(row), alternatives: list },
      entry: into.entry(line === 0 ? { pointer: `/canonical_spelling/${row['id']}` } : { line }),
    };
  });
  const conflicts = spellingConflicts(spellings.map(({ spelling }) => spelling));
  for (const { spelling, entry } of spellings) {
    const conflict = conflicts.get(spelling);
    if (conflict !== undefined) entry.refuse('VALUE', conflict);
    addSpelling(entry, spelling);
  }
}

function partsByInput(rows: (name: string) => SqlTable['rows']): Map<string, SmuiPart[]> {
  const parts = new Map<string, SmuiPart[]>();
  const add = (name: string, what: (row: SqlRow) => SmuiPart['what']) => {
    for (const { row } of rows(name)) {
      const input = row['search_input_id'] ?? '';
      const part: SmuiPart = {
        id: row['id'] ?? '',
        active: isActive(row),
        what: what(row),
        term: row['term'] ?? row['target'] ?? '',
        value: Number(row['boost_malus_value'] ?? 1),
      };
      const list = parts.get(input);
      if (list === undefined) parts.set(input, [part]);
      else list.push(part);
    }
  };
  add('synonym_rule', (row) => (row['synonym_type'] === '1' ? 'synonym' : 'undirected'));
  add('up_down_rule', (row) => (row['up_down_type'] === '1' ? 'down' : 'up'));
  add('filter_rule', () => 'filter');
  add('delete_rule', () => 'delete');
  add('redirect_rule', () => 'redirect');
  return parts;
}

function tagsByInput(rows: (name: string) => SqlTable['rows']): Map<string, SmuiTag[]> {
  const tags = new Map<string, SmuiTag>(
    rows('input_tag').map(({ row }) => [
      row['id'] ?? '',
      { property: row['property'] ?? '', value: row['tag_value'] ?? '', exported: isTrue(row['exported']) },
    ]),
  );
  const byInput = new Map<string, SmuiTag[]>();
  for (const { row } of rows('tag_2_input')) {
    const tag = tags.get(row['tag_id'] ?? '');
    const input = row['input_id'] ?? '';
    if (tag !== undefined) byInput.set(input, [...(byInput.get(input) ?? []), tag]);
  }
  return byInput;
}

function named(row: SqlRow) {
  return { id: row['id'] ?? '', term: row['term'] ?? '', active: isActive(row), comment: row['comment'] ?? '' };
}

/** Bit 0 of `status`. */
function isActive(row: SqlRow): boolean {
  const status = row['status'];
  return status === undefined || status === null || (Number(status) & 1) === 1 || isTrue(status);
}

function isTrue(value: string | null | undefined): boolean {
  return value === '1' || value === 't' || /^true$/i.test(value ?? '');
}
