/** SMUI: its REST API's JSON, its tables in a SQL dump or a SQLite file, the texts of rules that it deploys, alone or in a zip archive. */

import { readReplaceLines } from '../querqy/replace.ts';
import type { FormatInput, Imported, RuleFormat } from '../shared/format.ts';
import { parseJson, readText } from '../shared/json-file.ts';
import { RuleImport } from '../shared/rule-import.ts';
import { linesOf } from '../shared/text.ts';
import { isZip, unzip } from '../shared/zip.ts';
import { readSmuiJson } from './json.ts';
import { readSmuiRules } from './rules-text.ts';
import { isSmuiDump, readSmuiDump, readSmuiSqlite } from './sql-rules.ts';
import { isSqlite } from './sqlite.ts';
import { writeSmui } from './write.ts';

export const smui: RuleFormat = {
  name: 'smui',
  help: 'SMUI: JSON of its REST API, SQL dumps, SQLite files, rules.txt and replace-rules.txt, alone or zipped',
  importOptions: [
    {
      name: 'index',
      values: 'text',
      usual: '',
      help: 'name or id of the Solr index whose rules are read from a database; usually all',
    },
  ],
  parse,
  exportOptions: [],
  write: writeSmui,
};

function parse({ bytes, file, options }: FormatInput): Imported {
  const into = new RuleImport('smui', file);
  if (isZip(bytes)) {
    const files = unzip(bytes);
    if (typeof files === 'string') into.error('ENCODING', {}, files);
    else for (const one of files) readOne(into, one.bytes, options.text('index'));
  } else readOne(into, bytes, options.text('index'));
  return into.finish();
}

function readOne(into: RuleImport, bytes: Uint8Array, index: string): void {
  if (isSqlite(bytes)) {
    readSmuiSqlite(into, bytes, index);
    return;
  }
  const text = readText(bytes, into) ?? '';
  const lines = linesOf(text);
  if (/^\s*(?:\[|\{\s*")/.test(text)) readSmuiJson(into, parseJson(text, into));
  else if (isSmuiDump(text)) readSmuiDump(into, text, index);
  else if (isReplace(lines)) readReplaceLines(into, lines, /[\t;]/);
  else readSmuiRules(into, lines);
}

/** Whether the first rule has something behind its arrow, as only replace rules do. */
function isReplace(lines: readonly string[]): boolean {
  const first = lines.find((line) => line.includes('=>') && !line.trim().startsWith('#'));
  return first !== undefined && /=>\s*[^\s#]/.test(first);
}
