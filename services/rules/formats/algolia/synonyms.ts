/** Synonyms of Algolia. */
import type { JsonObject } from '../../model/json-check.ts';
import { expected, type Placed, textOf, textsOf, within } from '../shared/json-file.ts';
import type { RuleImport } from '../shared/rule-import.ts';
import { equivalents, squeeze, synonym, wordsTrigger } from '../shared/synonyms.ts';

/** What one and two typos of rank are worth. */
export const CORRECTION_WEIGHTS = [0.8, 0.6] as const;

/** Whether an object is a synonym rather than a rule. */
export function isAlgoliaSynonym(value: JsonObject): boolean {
  return typeof value['type'] === 'string' && value['consequence'] === undefined;
}

/** Reads a synonym. */
export function readAlgoliaSynonym(into: RuleImport, { value, place }: Placed<JsonObject>): void {
  const entry = into.entry(place);
  const id = textOf(value, 'objectID') ?? '';
  if (id === '') entry.refuse('VALUE', expected('text', value['objectID']), into.at(within(place, 'objectID')));
  const word = (name: string): string => {
    const text = squeeze(textOf(value, name) ?? '');
    if (text === '') entry.refuse('VALUE', expected('a word', value[name]), into.at(within(place, name)));
    return text;
  };
  const words = (name: string, least: number): string[] => {
    const list = (textsOf(value, name) ?? []).map(squeeze).filter((text) => text !== '');
    if (list.length < least)
      entry.refuse('VALUE', expected(`an array of at least ${least} words`, value[name]), into.at(within(place, name)));
    return list;
  };
  switch ((textOf(value, 'type') ?? '').toLowerCase()) {
    case 'synonym': {
      const list = words('synonyms', 2);
      if (!entry.refused) entry.add({ id, ...equivalents(list) });
      return;
    }
    case 'onewaysynonym': {
      const [from, to] = [word('input'), words('synonyms', 1)];
      if (!entry.refused) entry.add({ id, triggers: [wordsTrigger(from)], actions: to.map((text) => synonym(text)) });
      return;
    }
    case 'altcorrection1':
    case 'altcorrection2': {
      const weight = CORRECTION_WEIGHTS[value['type']?.toString().endsWith('2') ? 1 : 0];
      const [from, to] = [word('word'), words('corrections', 1)];
      if (!entry.refused)
        entry.add({ id, triggers: [wordsTrigger(from)], actions: to.map((text) => synonym(text, true, weight)) });
      return;
    }
    case 'placeholder': {
      const [to, from] = [word('placeholder'), words('replacements', 1)];
      if (entry.refused) return;
      entry.lose('placeholder', 'it stands in records there; here each replacement has the placeholder as a synonym');
      entry.warn(
        'DIFFERENT',
        `the placeholder ${JSON.stringify(to)} is of records: it works only if they hold it as a word`,
      );
      entry.add({ id, triggers: from.map((text) => wordsTrigger(text)), actions: [synonym(to)] });
      return;
    }
    default:
      entry.refuse(
        'VALUE',
        expected('synonym, oneWaySynonym, altCorrection1, altCorrection2 or placeholder', value['type']),
        into.at(within(place, 'type')),
      );
  }
}
