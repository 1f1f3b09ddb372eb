/** Querqy's number-unit configuration: kept as data, for what reads quantities in queries. */
import { isObject, type JsonObject } from '../../model/json-check.ts';
import type { RuleSource } from '../../model/rule.ts';
import type { FormatInput, Imported, RuleFormat } from '../shared/format.ts';
import { expected, type Placed, readJson, within } from '../shared/json-file.ts';
import { type RuleEntry, RuleImport } from '../shared/rule-import.ts';

export const querqyNumberUnit: RuleFormat = {
  name: 'querqy-number-unit',
  help: "Querqy's number-unit configuration (JSON)",
  importOptions: [],
  parse,
};

/** What Querqy takes where nothing is said. */
const USUAL = {
  below: 20,
  above: 20,
  scoreBelow: 100,
  scoreAbove: 100,
  scoreAtValue: 200,
  scoreExact: 100,
  exact: 0,
} as const;

const BOOST_MEMBERS = [
  ...['percentageLowerBoundary', 'percentageUpperBoundary', 'minScoreAtLowerBoundary', 'minScoreAtUpperBoundary'],
  ...['maxScoreForExactMatch', 'additionalScoreForExactMatch'],
  ...['percentageLowerBoundaryExactMatch', 'percentageUpperBoundaryExactMatch'],
];

function parse({ bytes, file }: FormatInput): Imported {
  const into = new RuleImport('querqy-number-unit', file);
  for (const document of readJson(bytes, into)) readConfig(into, document);
  return into.finish();
}

function readConfig(into: RuleImport, { value, place }: Placed): void {
  let config: unknown = value;
  let where: RuleSource = place;
  if (isObject(config) && isObject(config['config'])) {
    config = config['config'];
    where = within(where, 'config');
  }
  // Solr is sent the configuration as text within the configuration of the rewriter.
  if (isObject(config) && typeof config['config'] === 'string') {
    where = within(where, 'config');
    try {
      config = JSON.parse(config['config'] as string);
    } catch {
      into.error('SYNTAX', where, 'no JSON in the text of the configuration');
      return;
    }
  }
  const list = isObject(config) ? config['numberUnitDefinitions'] : undefined;
  if (!Array.isArray(list) || list.length === 0) {
    into.error('VALUE', within(where, 'numberUnitDefinitions'), expected('an array of at least one definition', list));
    return;
  }
  for (const [i, definition] of list.entries())
    readDefinition(into, definition, within(where, 'numberUnitDefinitions', i), i);
}

function readDefinition(into: RuleImport, value: unknown, place: RuleSource, index: number): void {
  const entry = into.entry(place);
  if (!isObject(value)) {
    entry.refuse('VALUE', expected('an object', value));
    return;
  }
  const reader = new Reader(into, entry, place);
  const units = reader.list(value, 'units', (unit, at) => ({
    term: reader.text(unit, 'term', at),
    multiplier: reader.number(unit, 'multiplier', 1, at),
  }));
  const fields = reader.list(value, 'fields', (field, at) => ({
    name: reader.text(field, 'fieldName', at),
    scale: reader.number(field, 'scale', 0, at),
  }));
  for (const [i, { scale }] of fields.entries()) {
    if (!Number.isInteger(scale) || scale < 0)
      entry.refuse('VALUE', expected('an integer of at least 0', scale), into.at(within(place, 'fields', i, 'scale')));
  }
  const filter = reader.object(value, 'filter', BOOST_MEMBERS.slice(0, 2));
  const boost = reader.object(value, 'boost', BOOST_MEMBERS);
  const at = within(place, 'boost');
  const of = (name: string, usual: number) => reader.number(boost, name, usual, at);
  const rule = {
    units,
    fields,
    filter: {
      below: reader.number(filter, 'percentageLowerBoundary', USUAL.below, within(place, 'filter')),
      above: reader.number(filter, 'percentageUpperBoundary', USUAL.above, within(place, 'filter')),
    },
    boost: {
      below: of('percentageLowerBoundary', USUAL.below),
      above: of('percentageUpperBoundary', USUAL.above),
      scoreBelow: of('minScoreAtLowerBoundary', USUAL.scoreBelow),
      scoreAbove: of('minScoreAtUpperBoundary', USUAL.scoreAbove),
      scoreAtValue: of('maxScoreForExactMatch', USUAL.scoreAtValue),
      scoreExact: of('additionalScoreForExactMatch', USUAL.scoreExact),
      exact: {
        below: of('percentageLowerBoundaryExactMatch', USUAL.exact),
        above: of('percentageUpperBoundaryExactMatch', USUAL.exact),
      },
    },
    source: entry.source,
  };
  if (entry.refused) return;
  into.quantity(rule);
  entry.keep(`quantities/${index}`);
}

class Reader {
  readonly #into: RuleImport;
  readonly #entry: RuleEntry;
  readonly #place: RuleSource;

  constructor(into: RuleImport, entry: RuleEntry, place: RuleSource) {
    this.#into = into;
    this.#entry = entry;
    this.#place = place;
  }

  list<T>(of: JsonObject, name: string, read: (element: JsonObject, at: RuleSource) => T): T[] {
    const value = of[name];
    if (!Array.isArray(value) || value.length === 0) {
      this.#wrong(expected('an array of at least one', value), within(this.#place, name));
      return [];
    }
    return value.flatMap((element: unknown, i) => {
      const at = within(this.#place, name, i);
      if (isObject(element)) return [read(element, at)];
      this.#wrong(expected('an object', element), at);
      return [];
    });
  }

  object(of: JsonObject, name: string, members: readonly string[]): JsonObject {
    const value = of[name] ?? {};
    if (!isObject(value)) {
      this.#wrong(expected('an object', value), within(this.#place, name));
      return {};
    }
    for (const member of Object.keys(value)) {
      if (!members.includes(member))
        this.#wrong(`unknown member; expected ${members.join(', ')}`, within(this.#place, name, member));
    }
    return value;
  }

  text(of: JsonObject, name: string, at: RuleSource): string {
    const value = of[name];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    this.#wrong(expected('text', value), within(at, name));
    return '';
  }

  number(of: JsonObject, name: string, usual: number, at: RuleSource): number {
    const value = of[name] ?? usual;
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    this.#wrong(expected('a number of at least 0', value), within(at, name));
    return usual;
  }

  #wrong(message: string, at: RuleSource): void {
    this.#entry.refuse('VALUE', message, this.#into.at(at));
  }
}
