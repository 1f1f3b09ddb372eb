/** Querqy's common rules: `rules.txt`, or the JSON in which they are sent by REST. */
import type { FormatInput, Imported, RuleFormat } from '../shared/format.ts';
import { readText } from '../shared/json-file.ts';
import { RuleImport } from '../shared/rule-import.ts';
import { querqyText } from './envelope.ts';
import { readQuerqy } from './parse.ts';
import { writeQuerqy } from './write.ts';

export const querqy: RuleFormat = {
  name: 'querqy',
  help: "Querqy's common rules (rules.txt), or the JSON in which they are sent by REST",
  importOptions: [
    {
      name: 'booleanInput',
      values: 'flag',
      usual: 'false',
      help: 'true: AND, OR, NOT and parentheses in inputs are operators (allowBooleanInput)',
    },
  ],
  parse,
  exportOptions: [],
  write: writeQuerqy,
};

function parse({ bytes, file, options }: FormatInput): Imported {
  const into = new RuleImport('querqy', file);
  const { lines, config, place } = querqyText(readText(bytes, into) ?? '');
  const booleanInput = options.flag('booleanInput') || config['allowBooleanInput'] === true;
  if (config['ignoreCase'] === false) into.warn('DIFFERENT', place, 'ignoreCase is false: here case never matters');
  readQuerqy(into, lines, { booleanInput, place });
  return into.finish();
}
